using CortexMl.Ir;
using CortexMl.Ops;
using Xunit;

namespace CortexMl.Tests.Ops;

/// <summary>Rows do what their traits say: passes and engines believe them.</summary>
public class TraitTests
{
    public static TheoryData<string, OpTraits> Claims
    {
        get
        {
            var claims = new TheoryData<string, OpTraits>();
            foreach (var row in OpTable.Rows)
                foreach (var trait in TraitLaws.All.Keys.Where(trait => row.Is(trait))) claims.Add(row.Name, trait);
            return claims;
        }
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public void A_row_keeps_what_its_trait_promises(string row, OpTraits trait) => Assert.Null(TraitLaws.Broken(OpTable.Find(row)!, trait));

    [Theory]
    [InlineData("nn.sub", OpTraits.Commutative)]
    [InlineData("nn.relu", OpTraits.Moves)]
    [InlineData("nn.softmax", OpTraits.Elementwise)]
    [InlineData("nn.tanh", OpTraits.NeverNegative)]
    [InlineData("nn.max_pool2d", OpTraits.Product)]
    [InlineData("nn.hard_swish", OpTraits.NeverNegative)]
    [InlineData("cvm.elemwise_sub", OpTraits.Commutative)]
    [InlineData("cvm.broadcast_add", OpTraits.Moves)]
    [InlineData("cvm.transpose", OpTraits.Elementwise)]
    [InlineData("cvm.negative", OpTraits.NeverNegative)]
    [InlineData("cvm.take", OpTraits.SampleWise)]
    [InlineData("cvm.max_pool2d", OpTraits.Product)]
    [InlineData("nn.max_pool2d", OpTraits.Moves)]
    [InlineData("cvm.where", OpTraits.Moves)]
    [InlineData("nn.transpose", OpTraits.Reshapes)]
    [InlineData("cvm.tile", OpTraits.Reshapes)]
    [InlineData("nn.gelu", OpTraits.Monotone)]
    [InlineData("nn.leaky_relu", OpTraits.Monotone)]
    [InlineData("cvm.abs", OpTraits.Monotone)]
    [InlineData("cvm.broadcast_sub", OpTraits.Monotone)]
    [InlineData("nn.mul", OpTraits.Homogeneous)]
    [InlineData("nn.sigmoid", OpTraits.Homogeneous)]
    [InlineData("cvm.cvm_right_shift", OpTraits.Homogeneous)]
    [InlineData("cvm.conv2d", OpTraits.Homogeneous)]
    public void A_planted_false_trait_is_found(string row, OpTraits trait)
    {
        var spec = OpTable.Find(row)!;
        Assert.False(spec.Is(trait));
        string? broken = TraitLaws.Broken(spec, trait);
        Assert.NotNull(broken);
        Assert.DoesNotContain("too few", broken, StringComparison.Ordinal);
    }

    public static TheoryData<OpTraits> Traits => [.. TraitLaws.All.Keys.Where(trait => trait != OpTraits.SampleWise)];

    /// <summary>A trait that a row forgot costs what passes do with it.</summary>
    [Theory]
    [MemberData(nameof(Traits))]
    public void A_row_claims_every_trait_that_it_keeps(OpTraits trait)
    {
        var silent = OpTable.Rows.Where(row => row != Quant.Requantize && !row.Is(trait) && MayHave(row, trait))
            .Where(row => TraitLaws.Broken(row, trait, attempts: 500) is null).Select(row => row.Name);
        Assert.Equal(Unclaimed(trait), string.Join(' ', silent));
    }

    /// <summary>Rows that the trials cannot tell from such as keep a trait.</summary>
    private static string Unclaimed(OpTraits trait) => trait switch
    {
        // Of boxes hardly any that the trials draw fit. The magnitude of the most negative integer wraps. The first result of the
        // counts has no number below 0, the second one has rows that change places, and -1 where nothing is left.
        OpTraits.NeverNegative => "nn.non_max_suppression cvm.abs cvm.get_valid_counts",
        OpTraits.Monotone => "cvm.get_valid_counts",
        // The shapes of the trials have fewer channels than squares of pixels.
        OpTraits.Elementwise or OpTraits.Reshapes => "nn.depth_to_space",
        _ => "",
    };

    private static bool MayHave(OpSpec row, OpTraits trait) => trait switch
    {
        OpTraits.Commutative => row.Operands.Count == 2,
        OpTraits.Product => row.Operands.Any(operand => operand.Name == "weight"),
        _ => true,
    };
}
