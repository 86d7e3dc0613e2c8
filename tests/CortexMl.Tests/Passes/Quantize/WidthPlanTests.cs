using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>What is chosen beyond a target that is reached, and what it is paid with.</summary>
public sealed class WidthPlanTests
{
    private const double Plenty = 1e-4;

    private static readonly Graph s_graph = TextParser.ParseOne("""
        graph @g(%x: f32[1, 4] within 1, %m: f32[4, 4] within 1) {
          @w: f32[4, 4] = random(1)
          %r = nn.sigmoid(%x) : f32[1, 4] within 1
          %a = nn.dense(%r, @w) : f32[1, 4] within 1
          %b = nn.dense(%r, @w) : f32[1, 4] within 1
          %c = nn.add(%a, %b) : f32[1, 4] within 1
          %y = nn.matmul(%c, %m) : f32[1, 4] within 1
          return %y
        }
        """);

    private static readonly Operation[] s_layers = [.. s_graph.Operations.Where(LayerWidth.MayBeWide)];

    [Fact]
    public void Nothing_is_chosen_where_the_target_is_reached() => Assert.Empty(Plan(spare: 0).Choices);

    [Fact]
    public void What_costs_little_is_taken_beyond_the_target()
    {
        long most = s_layers.Sum(l => new LayerForm(DataForm.Wide, false).Cost(l));
        var plan = Plan(spare: most);
        Assert.InRange(plan.After[0], 0, Plenty);
        Assert.True(plan.IsReached);
        Assert.InRange(plan.Spent, 1, most);
        // The gas of a single choice is not enough for two.
        var first = plan.Choices[0];
        Assert.Single(Plan(spare: first.Gas).Choices);
    }

    [Fact]
    public void Two_layers_split_what_both_read_once()
    {
        var plan = Plan(spare: 1e9, damage: 1e-3);
        long[] gas = [.. plan.Choices.Where(c => ((LayerOffer)c.Offer).Layer.Spec == NnConv.Dense).Select(c => c.Gas)];
        Assert.Equal(2, gas.Length);
        Assert.Equal(LayerGas.Split(s_layers[0], 0), gas[0] - gas[1]);
    }

    /// <summary>A processor without a dot product of bytes takes half as long again for centred data.</summary>
    [Fact]
    public void Time_of_centred_data_counts_where_the_gas_is_a_share_of_the_budget()
    {
        long centred = new LayerForm(DataForm.Centred, false).Cost(s_layers[0]);
        long time = LayerGas.Product(s_layers[0]) / 2;
        Assert.Empty(Plan(spare: centred, centred: 1e-6, budget: 1e9).Choices);
        Assert.NotEmpty(Plan(spare: centred + time, centred: 1e-6, budget: 1e9).Choices);
        // A budget that is smaller than what a small network may spend is spent on gas alone.
        Assert.NotEmpty(Plan(spare: 1e9, centred: 1e-6, budget: centred).Choices);
    }

    [Fact]
    public void A_product_of_two_values_is_told_by_its_operands()
    {
        var product = s_layers.Single(l => l.Spec == NnConv.MatMul);
        Assert.Equal("15 bits of both operands", new LayerForm(DataForm.Wide, true).In(product));
        Assert.Equal("15 bits of the second operand", new LayerForm(DataForm.Narrow, true).In(product));
        Assert.Equal("15 bits of data and weights", new LayerForm(DataForm.Wide, true).In(s_layers[0]));
    }

    private static WidthPlan Plan(double spare, double damage = 2e-4, double? centred = null, double budget = 1e9) => new(
        [.. s_layers.Select(l => (l, Damage(l, damage, centred)))], damage * s_layers.Length * 1.01, budget, plenty: Plenty, spare: spare);

    private static LayerDamage Damage(Operation layer, double damage, double? centred) => new(
        layer.Result.Name!, [damage], [0], centred is { } left && layer.Spec == NnConv.Dense ? [left] : []);
}
