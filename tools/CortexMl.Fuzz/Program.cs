using System.Globalization;
using CortexMl.Fuzz;

// Exit code: the report's, or 2 for wrong usage.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    Console.Error.WriteLine($"readers: {string.Join(", ", AllTargets.Of(null).Select(target => target.Name))}");
    return 2;
}
var report = Fuzzer.Run(options);
Console.WriteLine(report);
return report.ExitCode;
