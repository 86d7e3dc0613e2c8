using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CortexMl.Mutants;

/// <summary>
/// Compiles the passes in memory with one rule bent, against the assemblies that lie beside the built tests; the folder of the passes is
/// only read.
/// </summary>
public sealed class MutantCompiler
{
    /// <summary>What <c>ImplicitUsings</c> gives a class library.</summary>
    private static readonly string[] s_usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
        "System.Threading.Tasks",
    ];

    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Latest, DocumentationMode.None);

    private readonly Checkout _checkout;
    private readonly Dictionary<string, SyntaxTree> _trees;
    private readonly CSharpCompilation _original;

    /// <param name="configuration">Of the built tests.</param>
    public MutantCompiler(Checkout checkout, string configuration)
    {
        _checkout = checkout;
        string built = checkout.Tests(configuration);
        _trees = checkout.Sources().ToDictionary(file => file, file => Tree(checkout.Source(file), file), StringComparer.Ordinal);
        _original = CSharpCompilation.Create(
            "CortexMl.Passes", [.. _trees.Values, Tree(Preamble(built), "")], References(built),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable, deterministic: true));
    }

    /// <summary>Rules after which the passes do not compile: such a mutant says nothing about the tests.</summary>
    public IEnumerable<string> Problems(IReadOnlyList<MutationRule> rules)
    {
        if (Errors(_original.GetDiagnostics()) is { Length: > 0 } own) return [$"the passes do not compile: {own}"];
        return rules.AsParallel().AsOrdered().Select(rule =>
        {
            var (mutated, tree) = Mutated(rule);
            return (rule.Id, Errors: Errors(mutated.GetSemanticModel(tree).GetDiagnostics()));
        }).Where(r => r.Errors.Length > 0).Select(r => $"{r.Id} does not compile: {r.Errors}");
    }

    /// <summary>The passes' assembly with a rule bent, or as it is where none is given.</summary>
    public byte[] Emit(MutationRule? rule)
    {
        using var bytes = new MemoryStream();
        var emitted = (rule is null ? _original : Mutated(rule).Compilation).Emit(bytes);
        return emitted.Success ? bytes.ToArray()
            : throw new BrokenSetupException($"{rule?.Id ?? "the passes"}: {Errors(emitted.Diagnostics)}");
    }

    private (CSharpCompilation Compilation, SyntaxTree Tree) Mutated(MutationRule rule)
    {
        var tree = Tree(rule.Apply(_checkout.Source(rule.File)), rule.File);
        return (_original.ReplaceSyntaxTree(_trees[rule.File], tree), tree);
    }

    private static SyntaxTree Tree(string source, string file) =>
        CSharpSyntaxTree.ParseText(source, s_parsing, file, System.Text.Encoding.UTF8);

    /// <summary>What the build adds to the sources: usings, friends, and the version that others were compiled against.</summary>
    private string Preamble(string built)
    {
        var project = XDocument.Load(Path.Combine(_checkout.Passes, "CortexMl.Passes.csproj"));
        var friends = project.Descendants("InternalsVisibleTo").Select(friend => friend.Attribute("Include")!.Value);
        var version = AssemblyName.GetAssemblyName(Path.Combine(built, "CortexMl.Passes.dll")).Version;
        return string.Join('\n',
        [
            .. s_usings.Select(name => $"global using {name};"),
            $"[assembly: System.Reflection.AssemblyVersion(\"{version}\")]",
            .. friends.Select(name => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{name}\")]"),
        ]);
    }

    private static IEnumerable<MetadataReference> References(string built)
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetDirectoryName(file) == framework).Append(Path.Combine(built, "CortexMl.Core.dll"))
            .Select(file => MetadataReference.CreateFromFile(file));
    }

    private static string Errors(IEnumerable<Diagnostic> diagnostics) =>
        string.Join("; ", diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(3));
}
