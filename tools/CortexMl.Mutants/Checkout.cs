namespace CortexMl.Mutants;

/// <summary>A checkout of the repository and what is built in it.</summary>
public sealed record Checkout(string Root)
{
    private const string TestsProject = "CortexMl.Tests";

    /// <param name="folder">A folder inside the checkout.</param>
    public static Checkout Find(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "CortexMl.sln"))) return new(at.FullName);
        throw new BrokenSetupException("run it inside a checkout of the repository");
    }

    public string Passes => Path.Combine(Root, "passes");

    /// <summary>The lists of rules.</summary>
    public string Rules => Path.Combine(Root, "tools", "CortexMl.Mutants", "Rules");

    /// <summary>Where copies of the built tests are put: build output, and inside the checkout, since tests look for its files.</summary>
    public string Copies => Path.Combine(Root, "tests", TestsProject, "bin", "mutants");

    /// <summary>The built tests.</summary>
    public string Tests(string configuration)
    {
        string folder = Path.Combine(Root, "tests", TestsProject, "bin", configuration, $"net{Environment.Version.Major}.0");
        return File.Exists(Path.Combine(folder, $"{TestsProject}.dll")) ? folder
            : throw new BrokenSetupException($"the tests are not built: dotnet build -c {configuration}");
    }

    /// <summary>
    /// Sources of the passes: paths below <see cref="Passes"/>, with slashes. Samples are plugins and no part of them.
    /// </summary>
    public IEnumerable<string> Sources() => Directory.EnumerateFiles(Passes, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Passes, file).Replace('\\', '/'))
        .Where(file => file.Split('/')[0] is not ("bin" or "obj" or "Samples")).Order(StringComparer.Ordinal);

    /// <summary>With line ends of one character, whatever the checkout has.</summary>
    public string Source(string file) => File.ReadAllText(Path.Combine(Passes, file)).ReplaceLineEndings("\n");
}
