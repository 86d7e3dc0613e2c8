using System.Globalization;
using CortexMl.Mutants;

// Exit code 0: every mutant was killed or is explained, 1: survivors, 2: wrong usage, a broken list, or tests that fail as they are.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
try
{
    var checkout = Checkout.Find(AppContext.BaseDirectory);
    var (rules, problems) = RuleList.Read(checkout);
    var chosen = rules.Where(options.Chooses).ToList();
    if (options.Lists) foreach (var rule in chosen) Console.WriteLine($"{rule.File}  {rule.Id}: {rule.Reason}");
    if (options.Lists) return 0;
    problems = [.. problems, .. RuleList.Problems(rules, checkout)];
    if (problems.Count == 0 && chosen.Count == 0) problems = ["no rule has such a name"];
    if (problems.Count == 0) problems = [.. new MutantCompiler(checkout, options.Configuration).Problems(chosen)];
    foreach (string problem in problems) Console.Error.WriteLine(problem);
    if (problems.Count > 0) return 2;
    if (!options.ChecksOnly) return new Campaign(checkout, chosen, options).Run();
    Console.WriteLine($"{chosen.Count} rules stand once in their files, and what they make of them compiles");
    return 0;
}
catch (BrokenSetupException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
