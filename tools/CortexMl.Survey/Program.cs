using System.Globalization;
using CortexMl.Survey;
using CortexMl.Survey.Networks;
using CortexMl.Survey.Onnx;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (options, problems) = Options.Parse(args);
if (options.WantsHelp)
{
    Console.Out.WriteLine(Options.Usage);
    return 0;
}
if (problems.Count > 0)
{
    foreach (string problem in problems) Console.Error.WriteLine($"error: {problem}");
    Console.Error.WriteLine("  help: --help tells all options");
    return 2;
}
if (options.FloatSpeed.Count > 0)
{
    FloatSpeed.Write(options.FloatSpeed, Console.Out);
    return 0;
}
if (options.FloatLayers)
{
    FloatLayers.Write(Console.Out);
    return 0;
}
if (options.Cases is { } folder)
{
    var results = OnnxCase.Find(folder).Select(c => c.Run()).ToList();
    CaseTable.Write(results, Console.Out);
    return results.Exists(r => r.Outcome == Outcome.Failed) ? 1 : 0;
}
var (root, data) = NetworkFinder.Surroundings();
if (options.Measure is not null)
{
    NetworkProcess.Answer(options, options.Data ?? data);
    return 0;
}
return new SurveyRun(options, root, options.Data ?? data, Console.Out, Console.Error).Run();
