using System.Collections.Concurrent;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Gpu;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Text;

namespace CortexMl.Golden;

/// <summary>
/// The commands of golden files: <c>opt</c> and <c>print</c> of a text, <c>compile</c> of a text or a model, <c>run</c> of a graph on value
/// vectors. Constants and files stand beside the golden file. See the golden files' page for the options.
/// </summary>
/// <param name="plugins">Class libraries with passes, for all files; a <c>//!</c> line may name more with <c>--plugin</c>.</param>
public sealed class GoldenCommands(params IReadOnlyList<string> plugins) : IGoldenCommands
{
    /// <summary>Locations count from the first line of a case's input, so that cases do not depend on their neighbours.</summary>
    internal const string InputName = "input";

    private readonly ConcurrentDictionary<string, Lazy<PassRegistry>> _registries = new(StringComparer.Ordinal);

    public void Check(IReadOnlyList<string> words) => _ = new GoldenOptions(words);

    public bool NeedsInput(IReadOnlyList<string> words) =>
        !words.Any(word => word == "--model" || word.StartsWith("--model=", StringComparison.Ordinal));

    public GoldenOutput Run(GoldenInput input)
    {
        var (text, told) = (new StringBuilder(), new DiagnosticBag());
        var output = new GoldenOutput("", []);
        try
        {
            var options = new GoldenOptions(input.Words);
            output = options.Command switch
            {
                "compile" => GoldenCompile.Run(input, options, PluginPaths(input, options), told),
                "print" => Answered(Graphs(input), graphs => Printed(graphs, options), input.Calls),
                "run" when input.Calls.Count == 0 => throw new DiagnosticException(GoldenCodes.UnknownCheck,
                    $"the case runs nothing: it has no line {GoldenCheck.Mark} run", hint: "write //? run @f([1, -2]) == [3]"),
                "run" => Answered(Optimized(input, options, told), _ => "", input.Calls),
                _ when options.Text("print") == "demand" => Answered(
                    Optimized(input, options, told), graphs => string.Join('\n', graphs.Select(DemandListing.Print)), input.Calls),
                _ => Answered(Optimized(input, options, told), graphs => TextPrinter.Print(graphs), input.Calls),
            };
        }
        catch (DiagnosticException error)
        {
            told.AddRange(error.Diagnostics);
        }
        catch (PassFailedException error)
        {
            told.Add(error.Diagnostic);
        }
        text.Append(output.Text);
        foreach (var diagnostic in told.Items) text.Append(diagnostic).Append('\n');
        return output with { Text = text.ToString(), Diagnostics = told.Items };
    }

    /// <summary>The graphs of a case; files that they name are looked up in its folder.</summary>
    internal static IReadOnlyList<Graph> Graphs(GoldenInput input) =>
        ModelLoader.LoadGraphs(input.Text, InputName, input.Folder, new ModelOptions());

    private IReadOnlyList<Graph> Optimized(GoldenInput input, GoldenOptions options, DiagnosticBag told)
    {
        var pipeline = Pipeline.Parse(options.Text("passes") ?? "");
        // First: a text may use rows of plugins.
        var manager = new PassManager(Registry(PluginPaths(input, options)));
        var graphs = Graphs(input);
        var how = new PassManagerOptions
        {
            StopAfter = options.Text("stop-after"), RewriteLimit = options.Number("rewrite-limit"), Folder = input.Folder,
        };
        foreach (var graph in graphs) manager.Run(graph, pipeline, new PassServices { Diagnostics = told }, options: how);
        return graphs;
    }

    private static GoldenOutput Answered(
        IReadOnlyList<Graph> graphs, Func<IReadOnlyList<Graph>, string> print, IReadOnlyList<string> calls) =>
        new(print(graphs), []) { Answers = GoldenVectors.Run(graphs, calls) };

    private static string Printed(IReadOnlyList<Graph> graphs, GoldenOptions options) =>
        options.Text("format") switch
        {
            "kernels" => string.Join('\n', graphs.Select(KernelListing.Text)),
            "ptx" => string.Join('\n', graphs.Select(KernelListing.Ptx)),
            "assembly" => string.Join('\n', graphs.Select(graph => AssemblyListing.Text(graph, options.Instructions))),
            _ => TextPrinter.Print(graphs, new PrintOptions
            {
                StripNames = options.List("strip").Contains("names"), StripScales = options.List("strip").Contains("scales"),
            }),
        };

    private IReadOnlyList<string> PluginPaths(GoldenInput input, GoldenOptions options) =>
        [.. plugins.Select(Path.GetFullPath), .. options.Plugins.Select(path => Path.GetFullPath(path, input.Folder))];

    /// <summary>One for each set of plugins: they are loaded once.</summary>
    private PassRegistry Registry(IReadOnlyList<string> paths) =>
        _registries.GetOrAdd(string.Join('\n', paths), _ => new Lazy<PassRegistry>(() =>
        {
            var registry = PassTable.Registry();
            foreach (string path in paths.Distinct(StringComparer.Ordinal)) registry.LoadPlugin(path);
            return registry;
        })).Value;
}
