using System.Diagnostics;
using System.Globalization;

namespace CortexMl.Mutants;

/// <summary>Bends one rule after the other and runs the tests that should notice: the rule's own first, then all of passes.</summary>
internal sealed class Campaign(Checkout checkout, IReadOnlyList<MutationRule> rules, Options options)
{
    /// <summary>All tests of passes: their own and golden files.</summary>
    private const string AllOfPasses = "FullyQualifiedName~Passes|FullyQualifiedName~GoldenFileTests";

    private readonly string _built = checkout.Tests(options.Configuration);
    private readonly MutantCompiler _compiler = new(checkout, options.Configuration);
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(options.Timeout);
    private int _begun = -1, _done;

    /// <returns>The exit code.</returns>
    /// <exception cref="BrokenSetupException">The tests fail, or do not run, whatever the rule.</exception>
    public int Run()
    {
        if (!options.SkipsBaseline) CheckBaseline();
        var table = new ResultTable(Console.Out, rules);
        try
        {
            Parallel.For(0, options.Jobs, new ParallelOptions { MaxDegreeOfParallelism = options.Jobs }, job => Work(job, table));
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<BrokenSetupException>().FirstOrDefault() is { } error)
        {
            throw new BrokenSetupException(error.Message);
        }
        return table.Finish();
    }

    private void Work(int job, ResultTable table)
    {
        var copy = Copy(job);
        for (int i = Interlocked.Increment(ref _begun); i < rules.Count; i = Interlocked.Increment(ref _begun))
        {
            long start = Stopwatch.GetTimestamp();
            copy.Install(_compiler.Emit(rules[i]));
            string? killer = copy.Run(rules[i].Tests, _timeout) ?? copy.Run(AllOfPasses, _timeout);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            lock (table)
            {
                table.Set(i, killer);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{++_done}/{rules.Count} {rules[i].Id}: {killer ?? "survived"} ({seconds:F0} s)"));
            }
        }
    }

    /// <summary>The same sources, compiled the same way, without a mutation: where these fail, a failure tells nothing.</summary>
    private void CheckBaseline()
    {
        var copy = Copy(0);
        copy.Install(_compiler.Emit(null));
        if (copy.Run(AllOfPasses, _timeout) is { } failed)
            throw new BrokenSetupException($"the tests do not pass as they are: {failed}");
    }

    private TestsCopy Copy(int job) => new(_built, Path.Combine(checkout.Copies, job.ToString(CultureInfo.InvariantCulture)));
}
