using System.Text;
using CortexMl.Cvm;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Evaluating.Metrics;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Reports;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Passes.Manager;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Explaining;

/// <summary>Diagnostics that users of the command hardly meet, by the calls that say them.</summary>
public sealed class RareDiagnosticTests
{
    [Fact]
    public void What_a_pass_makes_may_be_more_than_the_cvm_holds()
    {
        var graph = TextParser.ParseOne("graph @f(%x: i8[1, 4]) { %0 = cvm.relu(%x) return %0 }", "x.cml", new ParseOptions());
        var pass = new ScriptedPass(new PassInfo("grow", "Makes it larger", Level.Cvm, Level.Cvm),
            (_, _) => throw new RuleException(FailureClass.Logic, "4 billion elements"));
        var error = Assert.Throws<DiagnosticException>(() =>
            new PassManager(new PassRegistry(() => pass)).Run(graph, Pipeline.Parse("grow"), new PassServices()));
        Assert.Equal((DiagnosticCodes.BeyondLimits, "pass 'grow': the CVM cannot hold what it makes of the network: 4 billion elements"),
            (error.Diagnostics[0].Code, error.Diagnostics[0].Message));
    }

    [Fact]
    public void Of_many_findings_the_first_hundred_are_told()
    {
        using var tiny = new TinyModel();
        Assert.Equal(0, tiny.Compile().Exit);
        string heads = string.Concat(Enumerable.Repeat("[99, 0, 0], ", 150));
        string symbol = File.ReadAllText(Path.Combine(tiny.Out, "symbol")).Replace("\"heads\": [", $"\"heads\": [{heads}");
        var findings = CvmCheck.Run(Encoding.UTF8.GetBytes(symbol), File.ReadAllBytes(Path.Combine(tiny.Out, "params"))).Findings;
        Assert.Equal((101, CvmCodes.MoreFindings), (findings.Count, findings[^1].Code));
        Assert.Contains("further findings of this kind or later are left out", findings[^1].Message, StringComparison.Ordinal);
    }

    /// <summary>The runtime believes that its input has the shape of node 0, which is a parameter here.</summary>
    [Fact]
    public void An_input_behind_a_parameter_of_another_shape_makes_every_inference_fail()
    {
        using var tiny = new TinyModel("graph @f(%x: f32[1, 1]) { %0 = nn.relu(%x) return %0 }");
        var run = CliRun.Of("compile", tiny.Model, "-o", tiny.Out, "--random-data", "2", "--quiet");
        Assert.True(run.Exit == 0, run.Error);
        string file = Path.Combine(tiny.Out, "symbol"), symbol = File.ReadAllText(file);
        foreach (var (old, now) in (ReadOnlySpan<(string, string)>)
            [
                ("\"data\"", "\"X\""), ("\"multiplier\"", "\"data\""), ("\"X\"", "\"multiplier\""), (Of("(1, 1)", 8), "X"),
                (Of("(1,)", 24), Of("(1, 1)", 8)), ("X", Of("(1,)", 24)), ("8, -1, 24", "24, -1, 8"),
                ("[1, 1],\n      [1, 1],\n      [1],", "[1],\n      [1],\n      [1, 1],"),
            ])
        {
            Assert.Contains(old, symbol, StringComparison.Ordinal);
            symbol = symbol.Replace(old, now, StringComparison.Ordinal);
        }
        File.WriteAllText(file, symbol);
        var found = CvmCheck.Run(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(tiny.Out, "params"))).Findings;
        Assert.Contains(found, f => f.Code == CvmCodes.InputShape && f.Hint == "make data node 0");

        static string Of(string shape, int precision) => $"{shape}\\\", \\\"precision\\\": \\\"{precision}";
    }

    [Fact]
    public void Values_that_became_zero_and_answers_that_were_lost_are_doubts()
    {
        NodeNoise[] noise = [new("conv", 0, 0, 2) { IsZero = true }];
        Assert.Equal([LibraryCodes.Dead], NoiseDoubts.Of(noise).Select(d => d.Code));
        ModelResult Result(double top1) => new("m", "float", "cpu", top1, null);
        Assert.Equal([LibraryCodes.Drop], NoiseDoubts.Of(new Evaluation(1000, [Result(0.9), Result(0.8)], 1)).Select(d => d.Code));
    }

    [Fact]
    public void A_metric_that_there_is_not_is_refused() =>
        Assert.Equal(LibraryCodes.Metric, Assert.Throws<DiagnosticException>(() => MetricTable.Of("top3")).Diagnostics[0].Code);
}
