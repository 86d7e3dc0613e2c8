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

    /// <summary>The rows of a level that have all of these traits.</summary>
    public static IEnumerable<OpSpec> With(Level level, OpTraits traits) => Rows.Where(row => row.Levels.HasFlag(level) && row.Is(traits));

    /// <summary>The row of a text-form name such as <c>nn.conv2d</c>, or null.</summary>
    public static OpSpec? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The row of a CVM operator name such as <c>conv2d</c>, or null.</summary>
    public static OpSpec? FindCvm(string cvmName) => ByCvmName.GetValueOrDefault(cvmName);

    private static IEnumerable<OpSpec> RowsOf(Type family) =>
        family.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(f => f.FieldType == typeof(OpSpec)).Select(f => (OpSpec)f.GetValue(null)!);
}
