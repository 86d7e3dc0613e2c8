using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Gpu;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Exact;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Picturing;
using CortexMl.Running;
using CortexMl.Text;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml print</c>: any model as text or as ONNX, or the kernels of an integer one.</summary>
internal static class PrintCommand
{
    private const string Description = """
        Print a model in the text form, draw it, or export it as ONNX. A text that goes into a file or a pipe reads back:
        --constants says where large constants stand.

        --format html makes one page to look at in a browser: operators coloured by kind, their results with shape, precision, scale and the
        range that is proven; a click shows attributes, constants and text. Large networks are folded into blocks. --format svg is one
        drawing, dot is for Graphviz. All three take graphs of any level.

        With --kernels the kernels that the GPU engines generate for an integer model, in the order in which they run.
        --format ptx prints them as assembly for NVIDIA devices. With --kernels --engine cpu (--format assembly) the code that the CPU
        engine generates for x64, of the --instructions codeavx2, codeavxvnni, codeavx512 or codeavx512vnni. None needs a device, or a
        processor that has these instructions.

        --format onnx-integer writes an integer model as ONNX: standard operators on integers alone, no floating point anywhere, inputs
        and outputs of int32. Wherever ONNX Runtime runs, in a page or on a phone too, it computes what the chain computes, bit for bit.
        Operations that have no exact form are refused together; cortexml ops --export onnx-integer lists the forms, cortexml verify
        DIR --engines interpreter,onnx-integer compares.

        With --strip names,scales two models that compute the same in the same way print the same.

        Examples:
          cortexml print out --strip names,scales
          cortexml print mnist-symbol.json --format onnx -o mnist.onnx
          cortexml print out --format onnx-integer -o chain.onnx
          cortexml print out --kernels
          cortexml print out --kernels --engine cpu --instructions codeavx512vnni
          cortexml print resnet.onnx --format html -o resnet.html
          cortexml print mnist.onnx -o mnist.cml
        """;

    public static Command Create(Session session)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A model, a compiled folder, a text of several graphs, GOLDEN#case, or - for standard input",
        };
        var output = new Option<string>("--output", "-o")
        {
            HelpName = "FILE", Description = "Where it goes, - for standard output", DefaultValueFactory = _ => TextOutput.Standard,
        };
        var format = new Option<string?>("--format")
        {
            HelpName = "FORMAT", Description = "text (default), html, svg, dot, onnx, onnx-integer, kernels, ptx or assembly",
        }.From("text", "html", "svg", "dot", "onnx", "onnx-integer", "kernels", "ptx", "assembly");
        var kernels = new Option<bool>("--kernels") { Description = "The same as --format kernels" };
        var engine = new Option<string?>("--engine")
        {
            HelpName = "ENGINE", Description = "Whose --kernels: gpu (default) or cpu",
        }.From("gpu", "cpu");
        var instructions = new Option<string?>("--instructions")
        {
            HelpName = "SET", Description = $"Of the CPU engine's code: {string.Join(", ", Sets.Keys)}",
        }.From([.. Sets.Keys]);
        var strip = new Option<string?>("--strip")
        {
            HelpName = "WHAT", Description = "Leave out names, scales, or both: names,scales",
        }.From("names", "scales", "names,scales", "scales,names");
        var command = new TaughtCommand("print", Description) { model, output, format, kernels, engine, instructions, strip };
        var constants = new ConstantArguments(command);
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(model)!;
            var options = modelOptions.Read(parsed);
            var read = GivenText.IsModel(path) ? ModelLoader.Load(path, options, session.Notes) : null;
            var graphs = read is null ? GivenText.Read(session, path, options).Graphs : [read.Graph];
            session.ShowNotes();
            string target = parsed.GetValue(output)!;
            string form = Form(parsed.GetValue(format), parsed.GetValue(kernels), parsed.GetValue(engine));
            if (form != "assembly" && parsed.GetValue(instructions) is not null)
                throw new DiagnosticException(
                    CliCodes.Usage, "--instructions are those of the CPU engine's --kernels, and none are printed");
            var set = Sets[parsed.GetValue(instructions) ?? Sets.Keys.First()];
            if (form == "assembly")
                TextOutput.Write(session, target, string.Join('\n', graphs.Select(graph => AssemblyListing.Text(graph, set))));
            else if (form == "kernels") TextOutput.Write(session, target, string.Join('\n', graphs.Select(KernelListing.Text)));
            else if (Picture(form) is { } draw)
                TextOutput.Write(session, target, draw(read is null ? Only(graphs) : ModelLoader.WithNames(path, read, options).Graph));
            else if (form == "ptx") TextOutput.Write(session, target, string.Join('\n', graphs.Select(KernelListing.Ptx)));
            else if (form == "onnx") TextOutput.Write(session, target, stream => stream.Write(OnnxExporter.Export(Only(graphs)).Bytes));
            else if (form == "onnx-integer")
            {
                var exact = read is null ? ExactExporter.Export(Only(graphs)) : ExactFile.Of(path, read, options);
                TextOutput.Write(session, target, stream => stream.Write(exact.Bytes));
            }
            else constants.Write(parsed, session, target, graphs, Printing(read, parsed.GetValue(strip) ?? ""));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static IReadOnlyDictionary<string, CpuInstructions> Sets { get; } =
        AssemblyListing.Sets.ToDictionary(set => set.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <exception cref="DiagnosticException">CML0940: an engine without its kernels, or kernels in a form of others.</exception>
    private static string Form(string? format, bool kernels, string? engine)
    {
        if (engine is not null && !kernels && format is not ("kernels" or "assembly"))
            throw new DiagnosticException(CliCodes.Usage, "--engine says whose --kernels are printed, and none are");
        string form = format ?? (!kernels ? "text" : engine == "cpu" ? "assembly" : "kernels");
        bool agrees = engine is null || form == (engine == "cpu" ? "assembly" : "kernels");
        if (!agrees) throw new DiagnosticException(CliCodes.Usage, $"--engine {engine} and --format {form} contradict each other");
        return form;
    }

    /// <summary>Null for a form that is no picture.</summary>
    private static Func<Graph, string>? Picture(string form) =>
        form switch { "html" => GraphPicture.Html, "svg" => GraphPicture.Svg, "dot" => GraphPicture.Dot, _ => null };

    /// <exception cref="DiagnosticException">CML0940: neither a picture nor ONNX has several graphs.</exception>
    private static Graph Only(IReadOnlyList<Graph> graphs) => graphs is [var only] ? only
        : throw new DiagnosticException(CliCodes.Usage, $"the text has {Counted.Of(graphs.Count, "graph")}, and that form one");

    private static PrintOptions Printing(Model? model, string strip) => new()
    {
        StripNames = strip.Contains("names", StringComparison.Ordinal),
        StripScales = strip.Contains("scales", StringComparison.Ordinal),
        Place = model?.Cvm is null ? null : (name, _) => new ConstantOrigin.File("params", name),
    };
}
