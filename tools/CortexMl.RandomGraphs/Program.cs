using System.Diagnostics;
using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.RandomGraphs;

// Random graphs on an engine and on the interpreter. Exit code 0: all agree, 1: a difference, with a graph to reproduce it, 2: wrong usage.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
const int Interval = 100;
long start = Stopwatch.GetTimestamp();
try
{
    if (Campaign.Run(options.Engine, options.Count, options.Seed, options.First,
        done => { if (done % Interval == 0) Console.Error.WriteLine($"{done} graphs"); }) is { } failure)
    {
        Console.WriteLine(failure);
        return 1;
    }
}
catch (DiagnosticException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
Console.WriteLine(
    $"{options.Count} graphs on {options.Engine} agree with the interpreter ({(long)Stopwatch.GetElapsedTime(start).TotalSeconds} s)");
return 0;
