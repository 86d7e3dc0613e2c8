using System.Globalization;
using CortexMl.Fuzz;

// Exit code 0: nothing found, 1: findings, or a reader that got too few inputs, 2: wrong usage.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    Console.Error.WriteLine($"readers: {string.Join(", ", AllTargets.Of(null).Select(target => target.Name))}");
    return 2;
}
var report = Fuzzer.Run(options);
Console.WriteLine(report);
return report.Findings.Count == 0 && report.Starved.Count == 0 ? 0 : 1;
