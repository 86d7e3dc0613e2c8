using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Presentation;
using CortexMl.Compiling;
using CortexMl.Cvm;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Files;
using CortexMl.Float;
using CortexMl.Loading;
using CortexMl.Restoring;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml compile</c>: a float model becomes CVM files.</summary>
internal static class CompileCommand
{
    private const string Description = """
        Compile a float model to an integer model of the CVM.

        Writes symbol, params, model.calibration.json, model.scheme.json, model.io.json, bounds.json, report.json, report.html,
        model.cml, model.manifest.json and run.json into DIR, all or none. report.html is the report to look at, in any browser and
        without a network; 'cortexml report' writes it again and compares two.

        A run file says in JSON what a command line says with options: "data": "images", "targetDrop": 0.1. It is known by its $schema,
        paths in it are relative to it, and options beside it replace what it says. 'cortexml init' writes one, 'cortexml schema run'
        prints what may stand in it. DIR/run.json is the run that was made: compiling it gives the same bytes.

        --target-drop 0.1 starts with 8 bits everywhere, orders layers by the damage that 8 bits of them do, and finds by halving
        how many of them have to see 15 bits or centred data until the metric drops by no more than 0.1 points on --test. Every
        choice is printed with what it costs and buys. Samples that choose are no test of what they chose: keep others for that.

        --restore conv1,op:nn.sigmoid keeps these operations in float in this run: they read what integers stand in front of them, and
        what they make is rounded for the integers behind. All others are what they would be, number by number. Names are those that
        calibrate sees: model.scheme.json has a line for each, and "restore": true on a line does the same. --restore-each tries the
        layers one by one, 64 at most. Table and report.json tell the decibels of each output without and with it. The result is a
        mixture to look at: DIR gets report, calibration and scheme, no symbol and no params.

        --plan-jobs DIR lets other processes try what these two search for: on one machine, Slurm or Kubernetes. It writes DIR/jobs.txt, a
        command line each for sh or xargs, to be run from this folder. 'cortexml compile --from-jobs DIR' goes on when they are done: it
        writes the result, the bytes of one process, or the next jobs.txt, and then ends with exit code 4.

        Examples:
          cortexml compile mnist-symbol.json -o out --data train-images-idx3-ubyte.gz --scale 1/255 --samples 256
          cortexml compile run.json
          cortexml compile run.json --samples 64 -o other
          cortexml compile mnist-symbol.json -o out --calibration out/model.calibration.json
          cortexml compile mnist-symbol.json -o out --scheme edited.scheme.json
          cortexml compile mnist-symbol.json -o out --data train.npy --test test-images.npy --labels test-labels.npy
          cortexml compile net.onnx -o out --data train.npy --test test.npy --labels test-labels.npy --target-drop 0.1
          cortexml compile net.onnx -o out --data train.npy --test test.npy --labels test-labels.npy --target-drop 0.1 --plan-jobs plan
          xargs -P 4 -L 1 env < plan/jobs.txt; cortexml compile --from-jobs plan
          cortexml compile net.onnx -o look --data train.npy --restore-each
          cortexml compile net.onnx -o look --data train.npy --restore 'block_1*,op:nn.sigmoid'
          cortexml compile segment.onnx -o out --data train.npy --test street --labels street-maps --metric miou
          cortexml compile mnist.onnx -o out --data train-images-idx3-ubyte.gz --scale 1/255 --samples 256
          cortexml compile model.cml -o out --random-data 8
          cortexml print mnist.onnx | cortexml opt - --passes=canonicalize | cortexml compile - -o out --random-data 8
        """;

    public static Command Create(Session session)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "x-symbol.json, x.onnx, x.cml, a folder with one of them, - for a text on standard input, "
                + "or a run file that names it",
        };
        var output =
            new Option<string>("--output", "-o") { HelpName = "DIR", Description = "Folder for the compiled model", Required = true };
        var split = new Option<string[]>("--split-at")
        {
            HelpName = "NAME", DefaultValueFactory = _ => [],
            Description = "Compile up to this value of the float network, and keep what comes behind it in float, in DIR/tail.onnx; "
                + "may be repeated",
        };
        var random = new NumberOption<int?>("--random-data")
        {
            Bounds = new(1), HelpName = "N", Description = "Calibrate on N random inputs: only to see whether a model compiles",
        };
        var calibration = new Option<string?>("--calibration")
        {
            HelpName = "FILE", Description = "Thresholds of an earlier calibration, in place of data",
        };
        var scheme = new Option<string?>("--scheme")
        {
            HelpName = "FILE",
            Description = "A model.scheme.json, edited or not: what it says is fixed, the rest is decided from data or --calibration",
        };
        var test = new Option<string?>("--test")
        {
            HelpName = "DATA", Description = "Data, with --labels, on which the float model and the emitted files run and are compared",
        };
        var metricName = CommonOptions.Metric();
        var predictions = new Option<bool>("--predictions")
        {
            Description = "Print what the files predict for each sample of --test on a terminal too; elsewhere that is printed anyway",
        };
        var inputPrecision = new NumberOption<int?>("--input-precision")
        {
            Bounds = PrecisionBounds("input"), HelpName = "P", Description = "Bits of the input, 2 to 16; 8 by default",
        };
        var outputPrecision = new NumberOption<int?>("--output-precision")
        {
            Bounds = PrecisionBounds("output"), HelpName = "P",
            Description = "Bits of the outputs, 2 to 30; 16 by default, and up to 24 for steps of 1/64",
        };
        var minDecibels = new NumberOption<double?>("--min-db")
        {
            Bounds = new(0, 80), HelpName = "DB",
            Description = "Give layers 15 bits or centred data, and tables finer steps, until every output reaches this"
                + " signal-to-noise ratio, whatever it costs",
        };
        var targetDrop = new NumberOption<double?>("--target-drop")
        {
            Bounds = new(0, 100), HelpName = "POINTS",
            Description = "The fewest bits with which --metric (default: top1) drops by no more on --test; with --min-db both hold",
        };
        var gasBudget = new NumberOption<double?>("--gas-budget")
        {
            Bounds = new(1, 16), HelpName = "X",
            Description = "Spend at most X times the gas of 8 bits everywhere; 1.25 without --min-db or --target-drop",
        };
        var restore = new Option<string[]>("--restore")
        {
            HelpName = "NAME[,NAME…]", DefaultValueFactory = _ => [],
            Description = "Keep operations in float in this run, to see what their integers cost: names of values, conv*, op:nn.sigmoid",
        };
        var restoreEach = new Option<bool>("--restore-each")
        {
            Description = "Keep each layer in float alone, and print what that buys; beside --restore, on top of it",
        };
        var version = new Option<string?>("--cvm-version")
        {
            HelpName = "VERSION", Description = "Version of the symbol: 1.0.0 (default) or 1.1.0",
        }.From("1.0.0", "1.1.0");
        var strict = new Option<bool>("--strict") { Description = "Warnings are errors, and nothing is written where there is one" };
        var noReport = new Option<bool>("--no-report")
        {
            Description = "Write no report.html, and measure nothing for it: report.json has figures of the whole and noise alone",
        };
        var floatEngine = CommonOptions.FloatEngine();
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("compile", $"{Description}\n\n{ChoiceTexts.Methods()}\n\n{ChoiceTexts.Scheme()}",
            takesRunFile: true)
        {
            model, output, split, random, calibration, scheme, test, metricName, predictions, inputPrecision, outputPrecision, minDecibels,
            targetDrop, gasBudget, restore, restoreEach, version, strict, noReport, floatEngine, json, quiet,
        };
        var counts = SampleCounts.OfBoth();
        var data = new DataArguments(command, counts, streams: true);
        var modelOptions = new ModelArguments(command);
        var passes = new PassArguments(command);
        var jobs = new JobArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            string folder = TextOutput.Folder(parsed.GetValue(output)!);
            jobs.Check(parsed, session.RunFile, folder);
            if (parsed.GetValue(predictions) && (parsed.GetValue(test) is null || parsed.GetValue(json)))
                throw new DiagnosticException(CliCodes.Usage, "--predictions takes the place of --json, and goes with --test",
                    hint: "leave it out, or pass --test DATA");
            passes.LoadPlugins(parsed);
            var metric = MetricTable.Given(parsed.GetValue(metricName));
            if (metric is not null && parsed.GetValue(test) is null)
                throw new DiagnosticException(CliCodes.Usage, "--metric is measured on --test", hint: "leave it out, or pass --test DATA");
            if (parsed.GetValue(targetDrop) is not null && parsed.GetValue(test) is null)
                throw new DiagnosticException(CliCodes.Usage, "--target-drop is measured on --test",
                    hint: "pass --test DATA --labels FILE");
            if (!data.IsGiven(parsed) && parsed.GetValue(test) is null) data.RefuseStream(parsed);
            var watch = passes.Watching(parsed, session);
            var (dataCount, testCount) = counts.OfBoth(parsed, data.IsGiven(parsed), parsed.GetValue(test) is not null);
            var options = new CompileOptions
            {
                Data = data.IsGiven(parsed) ? data.Required(parsed) with { Labels = null, Limit = dataCount } : null,
                RandomSamples = parsed.GetValue(random),
                CalibrationFile = parsed.GetValue(calibration),
                SchemeFile = parsed.GetValue(scheme),
                Preprocessing = data.Preprocessing(parsed),
                DropsStored = data.DropsStored(parsed),
                Test = parsed.GetValue(test) is { } path
                    ? data.At(parsed, path) with
                    {
                        Labels = data.Labels(parsed),
                        Limit = testCount,
                        LabelsAreClasses = metric is not { TakesValues: true },
                    }
                    : null,
                Metric = metric,
                Pipeline = passes.Pipeline(parsed),
                SplitAt = parsed.GetValue(split)!,
                InputPrecision = parsed.GetValue(inputPrecision),
                OutputPrecision = parsed.GetValue(outputPrecision),
                MinDecibels = parsed.GetValue(minDecibels),
                TargetDrop = parsed.GetValue(targetDrop),
                GasBudget = parsed.GetValue(gasBudget),
                Restore = parsed.GetResult(restore) is { Implicit: false } ? Words(parsed.GetValue(restore)!) : null,
                RestoreEach = parsed.GetValue(restoreEach),
                CvmVersion = parsed.GetValue(version) == "1.1.0" ? CvmVersions.V110 : CvmVersions.V100,
                StopAfter = passes.StopAfter(parsed),
                Skip = passes.Skip(parsed),
                RewriteLimit = passes.RewriteLimit(parsed),
                IsStrict = parsed.GetValue(strict),
                WritesPage = !parsed.GetValue(noReport),
                VerifyEach = passes.VerifyEach(parsed),
                FloatEngine = parsed.GetValue(floatEngine) ?? FloatEngines.Portable,
                Plugins = passes.Plugins(parsed),
                Instrumentations = watch.Instrumentations,
            };
            options.CheckNumbers();
            var reading = modelOptions.Read(parsed) with { ShapeOfData = input => CalibrationHead.ShapeOf(input, options) };
            if (passes.Prints(parsed))
            {
                var shown = GivenText.Model(session, parsed.GetValue(model)!, reading);
                session.Terminal.Write($"{Compiler.PipelineOf(shown, options)}\n");
                return ExitCodes.Ok;
            }
            if (!jobs.MakesJob(parsed)) OutputFolder.CheckWritable(folder);
            var run = jobs.MakesJob(parsed) ? [] : EffectiveRun.Of(parsed, command, folder, session.RunFile);
            if (options.Restores) RestoreReport.CheckFolder(folder);
            var notes = session.Notes;
            if (options.Test is null) data.WarnOfLabels(parsed, notes, "pass --test DATA too: --data calibrates");
            var read = Compiler.Read(() => GivenText.Model(session, parsed.GetValue(model)!, reading), options);
            var search = jobs.Open(parsed, session, read, options);
            if (search is not null && jobs.MakesJob(parsed)) return jobs.Make(parsed, session, search);
            var result = session.WithProgress(progress =>
                search is null ? Compiler.Compile(read, options, notes, progress) : search.Continue(notes, progress));
            if (result is null) return jobs.Tell(parsed, session, search!);
            if (result.Report?.Restored is not null) RestoreReport.CheckFolder(folder);
            OutputFolder.Write(folder, [.. result.Files, .. run], Compiler.OwnedFiles);
            session.ShowNotes(result.Diagnostics);
            watch.Show(session);
            if (result.Report is not { } report) return ExitCodes.Ok;
            if (parsed.GetValue(json)) session.Terminal.Write(FileSchemas.Write(report));
            else if (result.Tested is { Results.Count: > 0 } tested)
            {
                bool each = parsed.GetValue(predictions) || !session.Terminal.IsOutputWatched;
                var form = each ? PredictionForm.Lines : PredictionForm.Summary;
                Predictions.Show(session, tested, form, naming: result.Naming);
            }
            if (!session.IsQuiet) Tables.Show(session.Terminal.Console, report);
            return ExitCodes.Ok;
        },
        parsed =>
        [
            .. modelOptions.Checks(parsed, parsed.GetValue(model)!),
            .. data.Checks(parsed, isNeeded: false, MetricTable.Given(parsed.GetValue(metricName)), others: Named(parsed, test)),
            .. passes.Checks(parsed),
            .. Named(parsed, calibration).Concat(Named(parsed, scheme)).Select(file => (Action)(() => InputFile.Check(file))),
        ]);
        return command;
    }

    private static List<string> Words(IEnumerable<string> lists) =>
        [.. lists.SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static IEnumerable<string> Named(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } path ? [path] : [];

    /// <summary>Those of the pass that takes the precision up.</summary>
    private static NumberBounds PrecisionBounds(string option) =>
        Passes.Quantize.Quantize.Record.Option(option) is { } declared ? new((decimal?)declared.Min, (decimal?)declared.Max) : new(null);
}
