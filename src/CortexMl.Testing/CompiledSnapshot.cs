using CortexMl.Compiling;
using CortexMl.Verifying;

namespace CortexMl.Testing;

/// <summary>
/// What compiling makes, held against a folder that is kept with the tests: symbol, params, calibration, all but the report.
/// </summary>
public static class CompiledSnapshot
{
    /// <param name="folder">
    /// As <c>cortexml compile -o</c> wrote it; an absolute path, or one that is looked for from the tests' own folder upwards.
    /// </param>
    /// <exception cref="TestingException">Files differ: each, with where it does first.</exception>
    public static void Check(CompileResult result, string folder)
    {
        string found = GoldenSuite.Find(folder);
        string[] differences = [.. Reproduction.Compare(found, result.Files).Where(f => f.Difference is not null)
            .Select(f => $"{f.Name}: {f.Difference}")];
        if (differences.Length > 0)
            throw new TestingException($"not what stands in {folder}:\n{string.Join('\n', differences)}\n\n"
                + $"if the new files are right: cortexml compile … -o {folder}");
    }
}
