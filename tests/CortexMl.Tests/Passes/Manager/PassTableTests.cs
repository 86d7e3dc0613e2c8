using CortexMl.Ir;
using CortexMl.Passes;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

public sealed class PassTableTests
{
    private static readonly IReadOnlyList<PassInfo> Infos = PassTable.Registry().Passes;

    [Fact]
    public void The_default_pipeline_runs_every_built_in_pass_in_the_order_of_the_table() =>
        Assert.Equal(Infos.Select(i => i.Name), Pipeline.Parse(DefaultPipeline.Text).Steps.Select(s => s.Pass).Distinct());

    [Fact]
    public void The_default_pipeline_leads_from_float_to_cvm()
    {
        var level = Level.Float;
        foreach (var step in Pipeline.Parse(DefaultPipeline.Text).Steps)
        {
            var info = Infos.Single(i => i.Name == step.Pass);
            Assert.True(info.From.HasFlag(level), $"{info.Name} takes {info.From}, gets {level}");
            if (info.ChangesLevel) level = info.To;
        }
        Assert.Equal(Level.Cvm, level);
    }

    [Fact]
    public void A_fresh_instance_is_made_for_every_run() =>
        Assert.NotSame(PassTable.Registry().Create("canonicalize"), PassTable.Registry().Create("canonicalize"));
}
