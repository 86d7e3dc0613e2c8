using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tests.Engines;
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
    public void A_planted_false_trait_is_found(string row, OpTraits trait)
    {
        var spec = OpTable.Find(row)!;
        Assert.False(spec.Is(trait));
        string? broken = TraitLaws.Broken(spec, trait);
        Assert.NotNull(broken);
        Assert.DoesNotContain("too few", broken, StringComparison.Ordinal);
    }

    /// <summary>What a new row must answer before passes and engines can use it.</summary>
    [Fact]
    public void Every_row_has_a_kernel_and_as_many_results_as_it_says()
    {
        foreach (var row in OpTable.Rows.Where(r => r != OpTable.Constant && r != Quant.Requantize))
        {
            if (row.Levels.HasFlag(Level.Float)) Assert.True(NaiveKernels.Has(row), $"{row.Name} has no kernel of its own");
            else Assert.Equal(row.Results, OperatorGraphs.Of(row, seed: 1).Outputs.Count);
        }
    }
}
