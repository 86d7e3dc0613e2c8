using CortexMl.Files;
using CortexMl.Golden;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Passes;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>Graphs that a command line names: a path, <c>-</c> for a text on standard input, <c>FILE#case</c> of a golden file.</summary>
/// <param name="Case">The case and the golden file's folder; null where the graphs are no golden case.</param>
internal sealed record GivenText(IReadOnlyList<Graph> Graphs, GoldenCase? Case = null, string Folder = "")
{
    private const char CaseMark = '#';

    /// <summary>What a case says to run.</summary>
    public Pipeline? Pipeline => Option("passes") is { } text ? Passes.Pipeline.Parse(text) : null;

    public string? StopAfter => Option("stop-after");

    /// <summary>Plugins that a case names, relative to its file.</summary>
    public IReadOnlyList<string> Plugins => [.. Options("plugin").Select(path => Path.Combine(Folder, path))];

    /// <summary>Whether the path can be that of one model alone: no text, which may have several graphs.</summary>
    public static bool IsModel(string path) => path != TextOutput.Standard
        && !path.EndsWith(".cml", StringComparison.OrdinalIgnoreCase) && !path.Contains(CaseMark, StringComparison.Ordinal);

    public static GivenText Read(Session session, string path, ModelOptions options)
    {
        if (path == TextOutput.Standard)
            return new(ModelLoader.LoadGraphs(session.Terminal.ReadInput(), "input", "", options, session.Notes));
        int at = path.LastIndexOf(CaseMark);
        if (at <= 0 || Path.Exists(path) || !File.Exists(path[..at])) return new(ModelLoader.LoadGraphs(path, options, session.Notes));
        string folder = Path.GetDirectoryName(path[..at]) ?? "";
        var test = GoldenRunner.Find(path[..at], path[(at + 1)..], new GoldenCommands());
        return new(ModelLoader.LoadGraphs(test.Input, InputFile.DisplayName(path[..at]), folder, options), test, folder);
    }

    /// <summary>The one graph of a text on standard input, or the model of a path.</summary>
    public static Model Model(Session session, string path, ModelOptions options)
    {
        if (path != TextOutput.Standard) return ModelLoader.Load(path, options, session.Notes);
        var graph = ModelLoader.LoadText(session.Terminal.ReadInput(), "input", "", options);
        return new Model(graph.Name, graph) { MaxMemory = options.MaxMemory };
    }

    private string? Option(string name) => Options(name).FirstOrDefault();

    private IEnumerable<string> Options(string name) => Case is null ? []
        : Case.Command.Zip(Case.Command.Skip(1).Append("")).Select(words =>
        words.First.StartsWith($"--{name}=", StringComparison.Ordinal) ? words.First[(name.Length + 3)..]
        : words.First == $"--{name}" ? words.Second : null).OfType<string>();
}
