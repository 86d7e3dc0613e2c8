using Xunit;

namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>Nothing that is not known is passed over.</summary>
public sealed class PtxParserTests
{
    [Theory]
    [InlineData("add.s32 %r3, %r1;", "2 operands, 3 expected")]
    [InlineData("add.s32 %r3, %r1, %r2, %r4;", "4 operands, 3 expected")]
    [InlineData("add.f32 %r3, %r1, %r2;", "add.f32 is no instruction that is known")]
    [InlineData("add.sat.s32 %r3, %r1, %r2;", "add.sat.s32 is no instruction that is known")]
    [InlineData("atom.global.add.u32 %r3, [%rd1], 1;", "atom.global.add.u32 is no instruction that is known")]
    [InlineData("ld.volatile.b32 %r3, [%rd1];", "ld.volatile.b32 is no instruction that is known")]
    [InlineData("ld.v2.b32 {%r3, %r4}, [%rd1];", "ld.v2.b32 is no instruction that is known")]
    [InlineData("cvt.u32.u8 %r3, %rs1;", "cvt.u32.u8 is no instruction that is known")]
    [InlineData("cvt.s64.s32 %r3, %r1;", "registers that do not fit the types")]
    [InlineData("cvt.s32.s64 %r3, %r1;", "registers that do not fit the types")]
    [InlineData("bar.sync 1;", "a barrier other than 0")]
    [InlineData("bar.sync 0, 32;", "2 operands, 1 expected")]
    [InlineData("ret 0;", "1 operands, 0 expected")]
    [InlineData("add.s32 %r3, %rd1, 1;", "%rd1 has not 32 bits")]
    [InlineData("add.s32 %rd3, %r1, 1;", "%rd3 has not 32 bits")]
    [InlineData("shl.b64 %rd3, %rd1, %rd2;", "%rd2 has not 32 bits")]
    [InlineData("add.s32 %r19, %r1, 1;", "%r19 is no register")]
    [InlineData("add.s32 %r3, %q1, 1;", "%q1 is no operand that is known")]
    [InlineData("add.s32 %r3, %r1, 4294967296;", "4294967296 does not fit 32 bits")]
    [InlineData("add.s32 %r3, %r1, -2147483649;", "-2147483649 does not fit 32 bits")]
    [InlineData("and.pred %p1, %p2, 1;", "1 does not fit 1 bits")]
    [InlineData("mov.b32 %r3, %laneid;", "%laneid is no operand that is known")]
    [InlineData("mov.b64 %rd3, other;", "other is no operand that is known")]
    [InlineData("ld.param.b64 %rd3, [_param_2];", "no parameter _param_2")]
    [InlineData("ld.param.b64 %rd3, [_param_1+8];", "8 bytes at 8 are outside of the parameter or not aligned")]
    [InlineData("ld.param.b32 %r3, [_param_1+2];", "4 bytes at 2 are outside of the parameter or not aligned")]
    [InlineData("st.param.b64 [_param_1], %rd1;", "a parameter is written")]
    [InlineData("ld.b32 %r3, [%rd1-4];", "an address that is not [register], [name] or one of them + bytes")]
    [InlineData("ld.b32 %r3, [%r1];", "%r1 has not 64 bits")]
    [InlineData("ld.b32 %rd3, [%rd1];", "%rd3 has not 32 bits")]
    [InlineData("@%p1 @%p2 ret;", "no statement that is known")]
    [InlineData("{ ret; }", "not known here")]
    [InlineData("ret", "not known here")]
    [InlineData("ret;;", "no statement that is known")]
    [InlineData(".reg .f32 %f<2>;", "type .f32")]
    [InlineData(".reg .b32 %r<2>;", "%r is declared twice")]
    [InlineData(".shared .align 3 .b8 s[4];", "a size or an alignment that cannot be")]
    [InlineData(".shared .b32 s;", "no declaration that is known")]
    [InlineData(".pragma \"nounroll\";", "no declaration that is known")]
    [InlineData("A:\nA:", "label A stands twice")]
    public void Statements_that_are_not_known_are_refused(string statement, string expected)
    {
        string message = Assert.Throws<PtxFault>(() => PtxParser.Parse(PtxSnippet.Text($"{statement}\nret;"))).Message;
        Assert.EndsWith($": {expected}", message, StringComparison.Ordinal);
        Assert.Matches("^line (19|20): ", message);
    }

    [Theory]
    [InlineData(".version 7.0", ".version 9.0", "line 1: .version 9.0: no directive that is known")]
    [InlineData(".target sm_80", ".target sm_90a", "line 2: .target sm_90a: no directive that is known")]
    [InlineData(".address_size 64", ".address_size 32", "line 3: .address_size 32: no directive that is known")]
    [InlineData(".visible .entry", ".visible .func", "line 5: .visible .func Kernel(: no directive that is known")]
    [InlineData(".param .b64 _param_0,", ".param .f64 _param_0,", "line 6: .param .f64 _param_0,: no parameter that is known")]
    [InlineData(".address_size 64", "", "the module is not complete")]
    public void Directives_that_are_not_known_are_refused(string directive, string other, string expected) => Assert.Equal(
        expected, Assert.Throws<PtxFault>(
            () => PtxParser.Parse(PtxSnippet.Text("ret;").Replace(directive, other, StringComparison.Ordinal))).Message);

    [Theory]
    [InlineData("bra NOWHERE;", "no instruction behind NOWHERE")]
    [InlineData("bra END;\nEND:", "no instruction behind END")]
    [InlineData("mov.b32 %r3, 0;", "the last instruction neither returns nor branches")]
    [InlineData("@%p1 ret;", "the last instruction neither returns nor branches")]
    public void Code_that_leads_nowhere_is_refused(string body, string expected) =>
        Assert.Equal(expected, Assert.Throws<PtxFault>(() => PtxParser.Parse(PtxSnippet.Text(body))).Message);

    [Fact]
    public void The_dot_product_is_refused_where_the_architecture_has_none() => Assert.Equal("sm_60 has no dp4a", Assert.Throws<PtxFault>(
        () => PtxParser.Parse(PtxSnippet.Text("dp4a.s32.s32 %r3, %r1, %r2, 0;\nret;", target: "sm_60"))).Message);

    [Fact]
    public void Variables_lie_behind_each_other_and_aligned()
    {
        const string Arrays = ".shared .align 2 .b8 a[6]; .shared .align 16 .b8 b[4]; .local .align 1 .b8 c[3];";
        var program = PtxParser.Parse(PtxSnippet.Text("ret;", Arrays));
        Assert.Equal([new("a", 0, 6, 2), new("b", 16, 4, 16)], program.Shared);
        Assert.Equal([new("c", 0, 3, 1)], program.Local);
        Assert.Equal((20, 3, 16), (program.SharedBytes, program.LocalBytes, program.ParameterBytes));
    }
}
