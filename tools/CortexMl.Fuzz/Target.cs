namespace CortexMl.Fuzz;

/// <summary>A reader under test.</summary>
/// <param name="Name">What <c>--reader</c> and the report call it.</param>
/// <param name="IsText">Whether tokens are changed as well as bytes.</param>
/// <param name="Read">
/// Gives the changed bytes to the reader. Ends, or throws a <see cref="Diagnostics.DiagnosticException"/>; anything else is a finding.
/// </param>
public sealed record Target(string Name, bool IsText, IReadOnlyList<Seed> Seeds, Action<Attempt> Read)
{
    /// <summary>Constants that a file may declare without holding them, bytes: what readers are given as their limit.</summary>
    public const long Declared = 32L << 20;

    /// <summary>What reading a file may take: 64 MB, 16 times its size, and declared constants.</summary>
    public static long MemoryLimit(Attempt attempt) =>
        (64L << 20) + Declared + 16L * (attempt.Bytes.Length + (attempt.Seed.Companion?.Length ?? 0));
}

/// <summary>One input.</summary>
/// <param name="Scratch">A folder for this thread alone.</param>
public sealed record Attempt(Seed Seed, byte[] Bytes, string Scratch)
{
    /// <summary>The input as a file of the seed's name.</summary>
    public string File()
    {
        string path = Path.Combine(Scratch, Seed.Name);
        System.IO.File.WriteAllBytes(path, Bytes);
        return path;
    }

    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);
}
