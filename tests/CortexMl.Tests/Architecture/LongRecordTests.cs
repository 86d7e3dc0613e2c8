using System.Reflection;
using System.Text.RegularExpressions;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>A record of more than six fields is built by name: of ten arguments in a row nobody sees which is which.</summary>
public sealed class LongRecordTests
{
    private const int Fields = 6;

    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    [Fact]
    public void Records_of_many_fields_are_built_by_name()
    {
        string[] records =
            [.. Product.Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(IsLongRecord).Select(type => type.Name)];
        Assert.Contains("CompileReport", records);
        Assert.Contains("ProductReader", records);
        var sources = Product.TextFiles(".cs").Where(file => !file.Contains("/Generated/", StringComparison.Ordinal));
        Assert.Empty(sources.SelectMany(file =>
            Unnamed(File.ReadAllText(Repository.Path(file.Split('/'))), records).Select(found => $"{file}: {found}")));
    }

    [Theory]
    [InlineData("new Wide(1, 2)", 1)]
    [InlineData("new Wide(\n    1, B: 2)", 1)]
    [InlineData("new Wide(A: 1, B: 2)", 0)]
    [InlineData("new Wide(\n    A: 1)", 0)]
    [InlineData("new Wider(1, 2)", 0)]
    public void A_call_without_names_is_found(string source, int count) => Assert.Equal(count, Unnamed(source, ["Wide"]).Count());

    private static IEnumerable<string> Unnamed(string source, string[] records) =>
        Regex.Matches(source, $@"\bnew (?:{string.Join('|', records)})\((?!\s*\w+:)").Select(match => match.Value);

    private static bool IsLongRecord(Type type) =>
        type.GetMethod("PrintMembers", Hidden) is not null
        && type.GetConstructors(Hidden | BindingFlags.Public).Any(constructor => constructor.GetParameters().Length > Fields);
}
