using System.Runtime.CompilerServices;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>One name, one thing: no two types of the product are called alike, whatever their namespace and whoever may see them.</summary>
public sealed class TypeNameTests
{
    /// <summary>Generated code, whose names its source gives.</summary>
    private static readonly string[] s_generated = ["CortexMl.Frontends.Onnx.Schema", "CortexMl.Text.Generated"];

    [Fact]
    public void No_name_stands_for_two_types()
    {
        var types = Product.Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(IsOurs).ToList();
        Assert.True(types.Count > 700, $"only {types.Count} types");
        Assert.Empty(Shared(types));
    }

    [Fact]
    public void A_shared_name_is_found_where_it_is_nested_or_hidden() =>
        Assert.Equal(["Twin: CortexMl.Tests.Architecture.TypeNameTests+A+Twin, CortexMl.Tests.Architecture.TypeNameTests+B+Twin"],
            Shared([typeof(A.Twin), typeof(B.Twin), typeof(List<>), typeof(A)]));

    [Fact]
    public void A_generic_type_may_share_its_name_with_its_base() =>
        Assert.Empty(Shared([typeof(CortexMl.Tensors.Tensor), typeof(CortexMl.Tensors.Tensor<>)]));

    private static IEnumerable<string> Shared(IEnumerable<Type> types) =>
        from type in types
        group type by type.Name.Split('`')[0] into same
        let others = same.Where(t => t.BaseType is null || !same.Contains(t.BaseType)).Select(t => t.FullName).ToList()
        where others.Count > 1
        orderby same.Key
        select $"{same.Key}: {string.Join(", ", others.Order(StringComparer.Ordinal))}";

    private static bool IsOurs(Type type) => type.FullName is { } name && !name.Contains('<', StringComparison.Ordinal)
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && type.Namespace?.StartsWith("CortexMl", StringComparison.Ordinal) == true
        && !s_generated.Contains(type.Namespace);

    private static class A
    {
        public sealed class Twin;
    }

    private static class B
    {
        public sealed class Twin;
    }
}
