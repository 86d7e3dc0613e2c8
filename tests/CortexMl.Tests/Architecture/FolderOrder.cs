using System.Reflection;
using System.Text.RegularExpressions;

namespace CortexMl.Tests.Architecture;

/// <summary>Folders of a project, which are its namespaces: each may use itself and the ones that stand before it.</summary>
/// <param name="assembly">The compiled project.</param>
/// <param name="root">The namespace of which the folders are parts.</param>
internal sealed partial class FolderOrder(Assembly assembly, string root, params string[] folders)
{
    /// <returns>Every use of a folder further behind by compiled code, as <c>Ir.Graph uses Ops.OpTable</c>.</returns>
    public IReadOnlyList<string> Violations() =>
    [
        .. assembly.GetTypes().Where(type => Rank(type) >= 0)
            .SelectMany(type => TypeUses.Of(type).Where(used => Rank(used) > Rank(type)).Select(used => $"{Name(type)} uses {Name(used)}"))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// What the compiled code does not show: constants, and names in comments. A source has to spell the folder for them, in a using or in
    /// front of the type's name.
    /// </summary>
    /// <returns>Folders further behind than the source's own, each once.</returns>
    public IReadOnlyList<string> Violations(string folder, string source) =>
    [
        .. Spelled().Matches(source).Select(match => match.Groups["name"].Value.Split('.'))
            .Where(name => Array.IndexOf(folders, name[0]) > Array.IndexOf(folders, folder))
            .Where(name => name.Length == 1 || assembly.GetType($"{root}.{string.Join('.', name)}") is not null)
            .Select(name => name[0]).Distinct(),
    ];

    private int Rank(Type type) => Tail(type) is { } tail ? Array.IndexOf(folders, tail.Split('.')[0]) : -1;

    /// <summary>Namespace and name behind the root; null outside of it. What the compiler makes bears the name of its outer type.</summary>
    private string? Tail(Type type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type.Assembly == assembly && type.FullName!.StartsWith(root + ".", StringComparison.Ordinal)
            ? type.FullName[(root.Length + 1)..] : null;
    }

    private string Name(Type type) => Tail(type)!;

    [GeneratedRegex(
        @"^using (static |\w+ = )?CortexMl\.(?<name>\w+)|(?<![\w.])(CortexMl\.)?(?<name>[A-Z]\w*\.[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex Spelled();
}
