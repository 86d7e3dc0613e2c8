using System.Reflection;
using System.Text.RegularExpressions;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

public sealed partial class DiagnosticCodeTests
{
    [Fact]
    public void No_code_means_two_things()
    {
        var codes = Product.Assemblies.SelectMany(assembly => assembly.GetTypes()).SelectMany(Codes).ToList();
        Assert.NotEmpty(codes);
        Assert.Empty(codes.GroupBy(c => c.Code, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(same => string.Join(" and ", same)));
    }

    [Fact]
    public void Codes_are_written_in_files_of_codes_alone()
    {
        var elsewhere = Product.TextFiles(".cs")
            .Where(f => !f.StartsWith("tests/", StringComparison.Ordinal) && !f.EndsWith("Codes.cs", StringComparison.Ordinal));
        Assert.DoesNotContain(elsewhere, file => CodeLiteral().IsMatch(File.ReadAllText(Repository.Path(file))));
    }

    private static IEnumerable<(string Code, string Name)> Codes(Type type) =>
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where field.IsLiteral && field.FieldType == typeof(string)
        let value = (string)field.GetRawConstantValue()!
        where value.StartsWith("CML", StringComparison.Ordinal)
        select (value, $"{type.FullName}.{field.Name}");

    [GeneratedRegex("\"CML[0-9]{4}\"")]
    private static partial Regex CodeLiteral();
}
