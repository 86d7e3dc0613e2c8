using CortexMl.Evm.Compiling;
using Xunit;

namespace CortexMl.Tests.Chain;

/// <summary>How Ethereum's compiler comes to know infer and inferArray.</summary>
public sealed class BuiltInsTests
{
    [Theory]
    [InlineData("contract A { function f() public { infer(m, i, o); } }",
        "contract A is CortexMlBuiltIns { function f() public { infer(m, i, o); } }")]
    [InlineData("library L {} contract A is B, C {} contract D\n{ inferArray }",
        "library L {} contract A is CortexMlBuiltIns, B, C {} contract D is CortexMlBuiltIns\n{ inferArray }")]
    [InlineData("// contract X {\n/* contract Y { */ contract A { string s = \"contract Z {\"; infer }",
        "// contract X {\n/* contract Y { */ contract A is CortexMlBuiltIns { string s = \"contract Z {\"; infer }")]
    [InlineData("contract infer \"", "contract infer is CortexMlBuiltIns \"")]
    public void Every_contract_inherits_them_where_they_are_used(string source, string expected) =>
        Assert.Equal("import \"cortexml-built-ins.sol\"; " + expected, BuiltIns.Into(source));

    [Theory]
    [InlineData("contract A { /* infer */ }")]
    [InlineData("infer")]
    [InlineData("infer contract A")]
    public void Other_sources_stay_as_they_are(string source) => Assert.Equal(source, BuiltIns.Into(source));

    [Fact]
    public void Recorded_code_belongs_to_a_source_whatever_its_comments_say()
    {
        string digest = ContractCode.Digest("contract A { // one\n uint a; }");
        Assert.Equal(digest, ContractCode.Digest("/* two */ contract A{uint  a;}"));
        Assert.NotEqual(digest, ContractCode.Digest("contract A { uint b; }"));
        Assert.NotEqual(digest, ContractCode.Digest("contract A { uinta; }"));
    }
}
