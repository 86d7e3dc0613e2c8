using CortexMl.Conformance;
using CortexMl.Engines;
using CortexMl.Frontends.Onnx.Exact;

// Compares us with the reference runtime over a folder of cases. Exit code 0: all agree, 1: some do not, 2: wrong usage.
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
if (options.Engine?.Entries is [{ Available: false } missing])
{
    Console.Error.WriteLine($"no {options.Name} device: {missing.Name}");
    return 2;
}
var runner = new CaseRunner(
    options.Profile,
    options.Engine is { } engine ? graph => engine.Prepare(new EngineTask(graph, "case") { Onnx = ExactExporter.Instance }) : null);
var folders = Directory.EnumerateDirectories(options.Folder).Where(folder => File.Exists(Path.Combine(folder, "expect.json")))
    .Order(StringComparer.Ordinal).ToList();
var hostile = folders.Where(Groups.IsHostile).ToList();
foreach (string folder in hostile) Console.WriteLine($"{Path.GetFileName(folder),-28} {runner.RunHostile(folder)}");
if (hostile.Count > 0)
    Console.WriteLine($"{hostile.Count} of {hostile.Count} hostile cases refused or answered ({options.Name}, {options.Profile})");

var cases = folders.Except(hostile).Select(folder => (Group: Groups.Of(folder), Name: Path.GetFileName(folder), Lines: runner.Run(folder)))
    .ToList();
foreach (var group in cases.GroupBy(c => c.Group).OrderBy(g => g.Key, StringComparer.Ordinal))
{
    Console.WriteLine($"{group.Key,-28} {group.Count(c => c.Lines.Count == 0),4} of {group.Count(),4} agree");
    if (group.FirstOrDefault(c => c.Lines.Count > 0) is not { Name: not null } first) continue;
    Console.WriteLine($"    {first.Name}");
    foreach (string line in first.Lines) Console.WriteLine($"        {line}");
}
int agreeing = cases.Count(c => c.Lines.Count == 0);
if (cases.Count > 0)
    Console.WriteLine($"{agreeing} of {cases.Count} cases agree with the reference runtime ({options.Name}, {options.Profile})");
if (runner.OnInterpreter > 0)
    Console.WriteLine($"{runner.OnInterpreter} of them have values that share storage and ran on the interpreter's slots");
return agreeing == cases.Count && folders.Count > 0 ? 0 : 1;
