using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;

namespace CortexMl.Ops;

/// <summary>
/// All rows, found by name. A family is a static class in a folder below this one whose public static readonly <see cref="OpSpec"/>
/// fields are its rows, listed in <see cref="Families"/>.
/// </summary>
public static class OpTable
{
    /// <summary>The families in the order in which <c>cortexml ops</c> lists them.</summary>
    public static IReadOnlyList<Type> Families { get; } =
    [
        typeof(NnConv),
        typeof(NnUnary),
        typeof(NnPool),
        typeof(NnBinary),
        typeof(NnSoftmax),
        typeof(NnReduce),
        typeof(NnShape),
        typeof(NnLookup),
        typeof(NnNorm),
        typeof(NnDetection),
        typeof(CvmConv),
        typeof(CvmUnary),
        typeof(CvmBinary),
        typeof(CvmPool),
        typeof(CvmReduce),
        typeof(CvmShape),
        typeof(CvmLookup),
        typeof(CvmDetection),
        typeof(Quant),
    ];

    /// <summary>Every row but <see cref="OpSpec.Constant"/>, family by family, in the order of the source.</summary>
    public static IReadOnlyList<OpSpec> Rows { get; } = [.. Families.SelectMany(RowsOf)];

    private static readonly FrozenDictionary<string, OpSpec> ByName = Rows.ToFrozenDictionary(r => r.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, OpSpec> ByCvmName =
        Rows.Where(r => r.CvmName is not null).ToFrozenDictionary(r => r.CvmName!, StringComparer.Ordinal);

    /// <summary>Rows of plugins.</summary>
    private static readonly ConcurrentDictionary<string, OpSpec> s_added = new(StringComparer.Ordinal);

    /// <summary>
    /// A float row of a plugin, with the kernel that says what it computes: from now on, in the whole process, texts may name it. A row
    /// that was added under the same name before is replaced.
    /// </summary>
    /// <exception cref="ArgumentException">The row has no kernel, is of another level, or bears the name of a family of ours.</exception>
    public static void Add(OpSpec row)
    {
        string family = row.Name.Split('.')[0];
        if (row.Name.Count(c => c == '.') != 1 || Rows.Any(own => own.Name.StartsWith(family + ".", StringComparison.Ordinal)))
            throw new ArgumentException($"'{row.Name}' is no name for a row of a plugin: give it a family of its own, as in my.cube");
        if (row.Levels != Level.Float || row.Kernel is null || row.Results != 1)
            throw new ArgumentException($"{row.Name}: rows of plugins are of the float level, with one result and a kernel");
        s_added[row.Name] = row;
    }

    /// <summary>The rows of a level that have all of these traits, those of plugins last.</summary>
    public static IEnumerable<OpSpec> With(Level level, OpTraits traits) =>
        Rows.Concat(s_added.Values.OrderBy(row => row.Name, StringComparer.Ordinal))
            .Where(row => row.Levels.HasFlag(level) && row.Is(traits));

    /// <summary>The row of a text-form name such as <c>nn.conv2d</c>, or null.</summary>
    public static OpSpec? Find(string name) => ByName.GetValueOrDefault(name) ?? s_added.GetValueOrDefault(name);

    /// <summary>The row of a CVM operator name such as <c>conv2d</c>, or null.</summary>
    public static OpSpec? FindCvm(string cvmName) => ByCvmName.GetValueOrDefault(cvmName);

    private static IEnumerable<OpSpec> RowsOf(Type family) =>
        family.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(f => f.FieldType == typeof(OpSpec)).Select(f => (OpSpec)f.GetValue(null)!);
}
