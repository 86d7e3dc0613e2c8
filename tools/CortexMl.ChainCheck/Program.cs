using System.Diagnostics;
using System.Globalization;
using CortexMl.ChainCheck;

// Compares the contract ABI, RLP, and a tenth as many contracts with npm's ethers.
// Exit code 0: all cases agree, 1: some do not, 2: wrong usage, or there is no Node.js.
if (args.Length is < 1 or > 3 || !args.Skip(1).All(a => int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
{
    Console.Error.WriteLine("usage: CortexMl.ChainCheck TOOLS/CHAIN [CASES [SEED]]");
    return 2;
}
int Number(int index, int fallback) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : fallback;
var node = new NodeScript(args[0]);
if (node.Problem() is { } problem)
{
    Console.Error.WriteLine(problem);
    return 2;
}
var watch = Stopwatch.StartNew();
var result = EthersCheck.Run(node, Number(1, 10000), Number(2, 1));
var contracts = EthersCheck.Contracts(node, Math.Max(1, Number(1, 10000) / 10), Number(2, 1));
bool agree = result.Differences.Count + contracts.Differences.Count == 0;
foreach (string difference in result.Differences.Concat(contracts.Differences)) Console.WriteLine(difference);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{result.Cases} cases and {contracts.Cases} contracts compared with ethers, {(agree ? "all agree" : "some differ")}, "
    + $"{watch.Elapsed.TotalSeconds:F1} s"));
return agree ? 0 : 1;
