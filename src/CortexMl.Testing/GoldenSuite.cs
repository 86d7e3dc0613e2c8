using System.Reflection;
using CortexMl.Diagnostics;
using CortexMl.Golden;
using CortexMl.Passes;

namespace CortexMl.Testing;

/// <summary>Golden files of a folder as tests, one a case, for xunit and whatever else takes lists of arguments.</summary>
/// <example><code>
/// private static readonly GoldenSuite s_golden = GoldenSuite.In("golden", typeof(MyPass).Assembly);
/// public static IEnumerable&lt;object[]&gt; Cases => s_golden.Cases;
/// [Theory, MemberData(nameof(Cases))] public void Golden_case(string name) => s_golden.Check(name);
/// </code></example>
public sealed class GoldenSuite
{
    private readonly SortedDictionary<string, GoldenTest> _cases = new(StringComparer.Ordinal);
    private readonly GoldenCommands _commands;

    private GoldenSuite(string folder, Assembly[] plugins)
    {
        _commands = new GoldenCommands([.. plugins.Select(plugin => plugin.Location)]);
        foreach (var test in GoldenRunner.Discover([folder], null, _commands, new DiagnosticBag()))
            _cases.Add(NameOf(Path.GetRelativePath(folder, test.Path).Replace('\\', '/'), test), test);
    }

    /// <summary>One argument for each case: its name, which is its file and title, or its file and line.</summary>
    public IEnumerable<object[]> Cases => _cases.Keys.Select(name => new object[] { name });

    /// <summary>The golden files of a folder.</summary>
    /// <param name="folder">
    /// An absolute path, or one that is looked for from the tests' own folder upwards: that of the sources, not a copy.
    /// </param>
    /// <param name="plugins">Class libraries whose passes the files may name, beside ours.</param>
    /// <exception cref="DiagnosticException">There is no such folder, or no case in it.</exception>
    public static GoldenSuite In(string folder, params Assembly[] plugins) => new(Find(folder), plugins);

    /// <summary>Runs a case.</summary>
    /// <exception cref="TestingException">Something else came out than the file says, or the file is broken.</exception>
    public void Check(string name)
    {
        var result = GoldenRunner.Run(_cases[name], _commands);
        if (!result.Passed) throw new TestingException(result.ToString());
    }

    /// <summary>
    /// Whether the graph that a case expects computes the same as its input, on seeded numbers: of float graphs; of other cases there is
    /// nothing to compare.
    /// </summary>
    /// <param name="tolerance">Of the largest number of a result, or of 1.</param>
    /// <exception cref="TestingException">They differ.</exception>
    public void CheckFunction(string name, double tolerance = 1e-5)
    {
        var found = _cases[name];
        var test = GoldenFile.Read(found.Path, _commands.NeedsInput).Cases.Single(c => c.Line == found.Line);
        if (test.Expected is { } expected && expected.StartsWith("graph", StringComparison.Ordinal))
            FunctionCheck.Same(test.Input, expected + "\n", tolerance);
    }

    /// <summary>Our passes and those of class libraries.</summary>
    internal static PassRegistry Registry(Assembly[] plugins)
    {
        var registry = PassTable.Registry();
        foreach (var plugin in plugins) registry.Register(plugin);
        return registry;
    }

    internal static string Find(string folder)
    {
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
            if (Directory.Exists(Path.Combine(at, folder))) return Path.Combine(at, folder);
        throw new DiagnosticException(DiagnosticCodes.FileNotFound, $"no folder '{folder}' in '{AppContext.BaseDirectory}' or above it");
    }

    private static string NameOf(string file, GoldenTest test) => test.Title.Length > 0 ? $"{file}: {test.Title}"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file}:{test.Line}");
}

/// <summary>Something is not as a test says.</summary>
public sealed class TestingException(string message) : Exception(message);
