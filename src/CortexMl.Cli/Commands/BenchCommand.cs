using System.CommandLine;
using CortexMl.Benchmarks;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Presentation;
using CortexMl.Engines.Cpu;
using CortexMl.Loading;
using CortexMl.Reports;
using CortexMl.Running;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml bench</c>: how fast an integer model runs.</summary>
internal static class BenchCommand
{
    private const string Description = """
        Measure an integer model on inputs made from a seed: median and spread of many runs after a warm-up, and where the time goes.

        What --against names is measured in turn with the engine, run by run, on the same number of threads; compare ratios, not times of different
        calls. onnxruntime is the same network on ONNX Runtime, in 8 bits (onnxruntime-int8: QLinearConv and the like, with the network's own scales) and
        in float32 (onnxruntime-float). The peak of memory is that of reading, preparing and running, without what --against names; beside it stands
        1.5 x (weights at one byte + activation slots at four bytes) + 100 MB, which it should not exceed.

        Examples:
          cortexml bench out --threads 1 --against onnxruntime
          cortexml bench out --threads 2 --against interpreter,onnxruntime-int8 --json
          cortexml bench out --engine cuda --batch 64
        """;

    public static Command Create(Session session)
    {
        var model = new Argument<string>("DIR") { Description = "A compiled folder" };
        var engine = CommonOptions.Engine();
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads("Threads that share the work of a run; 0 for one per core", standard: 1);
        var instructions = new Option<CpuInstructions>("--instructions")
        {
            HelpName = "SET",
            Description = "Of the CPU engine: auto, portable, neondot, avx2, avxvnni, codeavx2, codeavxvnni, codeavx512, codeavx512vnni or codeamx",
            DefaultValueFactory = _ => CpuInstructions.Auto,
        };
        var against = new Option<string?>("--against")
        {
            HelpName = "A,B",
            Description = "What to measure in turn with this one: onnxruntime, onnxruntime-int8, onnxruntime-float, or engines",
        };
        var batch = new NumberOption<int>("--batch")
        {
            Bounds = new(1), HelpName = "N", Description = "Samples that a run takes at once", DefaultValueFactory = _ => 1,
        };
        var runs = new NumberOption<int?>("--runs")
        {
            Bounds = new(1), HelpName = "N", Description = "Measured runs; as many as 5 seconds hold where left out",
        };
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command =
            new TaughtCommand("bench", Description) { model, engine, device, threads, instructions, against, batch, runs, json, quiet };
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            var options = new RunOptions
            {
                Engine = parsed.GetValue(engine)!, Device = parsed.GetValue(device), Threads = parsed.GetValue(threads),
                Instructions = parsed.GetValue(instructions),
            };
            var notes = session.Notes;
            var read = ModelLoader.Load(parsed.GetValue(model)!, modelOptions.Read(parsed) with { NeedsIntegers = true }, notes);
            string[] peers = Peers(parsed);
            var report = Benchmark.Run(
                read, options with { ThreadsPerSample = options.Workers }, peers, notes, parsed.GetValue(batch), parsed.GetValue(runs));
            report = ReportFolder.WithLayers(report, read.Graph, parsed.GetValue(model)!, notes);
            session.ShowNotes();
            if (parsed.GetValue(json)) session.Terminal.Write(FileSchemas.Write(report));
            else Tables.Show(session.Terminal.Console, report);
            return ExitCodes.Ok;
        },
        parsed =>
        [
            .. modelOptions.Checks(parsed, parsed.GetValue(model)!), () => EngineChoice.CheckName(parsed.GetValue(engine)!),
            .. Peers(parsed).Select(peer => (Action)(() => Benchmark.CheckPeer(peer))),
        ]);
        return command;

        string[] Peers(ParseResult parsed) =>
            parsed.GetValue(against)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
    }
}
