using CortexMl.Data;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Methods;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;
using CortexMl.Testing;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;
using static CortexMl.Passes.Prepare.Matching.Operands;
using CalibratePass = CortexMl.Passes.Calibrate.Calibrate;

namespace CortexMl.Tests.Passes;

/// <summary>The rules that the pages show stand here as they do there, and do what they say.</summary>
public sealed class SnippetTests
{
    [Theory]
    [InlineData("passes/README.md", "tests/CortexMl.Tests/Passes/SnippetTests.cs", 2)]
    [InlineData("README.md", "tools/CortexMl.Templates/content/cortexml-pass/src/MyPass.cs", 1)]
    public void What_a_page_shows_is_code_that_runs(string page, string code, int rules)
    {
        string source = Words(File.ReadAllText(Repository.Path(code.Split('/'))));
        string[] blocks = [.. File.ReadAllText(Repository.Path(page.Split('/'))).Split("```csharp\n").Skip(1)
            .Select(block => Words(block.Split("```")[0])).Where(block => block.Contains("Rule.On", StringComparison.Ordinal))];
        Assert.Equal(rules, blocks.Length);
        Assert.All(blocks, block => Assert.Contains(block, source, StringComparison.Ordinal));
    }

    /// <summary>What runs there: PluginMethodTests, and the test below.</summary>
    [Theory]
    [InlineData("CalibrationMethods.Add", "passes/Samples/EnergyThreshold/EnergyThreshold.cs")]
    [InlineData("GivenMethods.Of", "tests/CortexMl.Tests/Passes/SnippetTests.cs")]
    public void What_the_page_shows_of_methods_is_code_that_runs(string line, string code) => Assert.Contains(
        Words(File.ReadAllText(Repository.Path("passes", "README.md")).Split("```csharp\n").Skip(1).Select(block => block.Split("```")[0])
            .Single(block => block.Contains(line, StringComparison.Ordinal))),
        Words(File.ReadAllText(Repository.Path(code.Split('/')))), StringComparison.Ordinal);

    [Fact]
    public void A_pass_decides_how_thresholds_are_chosen()
    {
        var graph = TextParser.ParseOne("graph @g(%x: f32[1, 100]) {\n  %y = nn.relu(%x)\n  %z = nn.sigmoid(%y)\n  return %z\n}");
        var services = new PassServices
        {
            FloatEvaluator = PortableEvaluator.Calibration, Samples = new RandomSamples([Shape.Of(1, 100)], 8),
        };
        new PassManager(new PassRegistry(() => new Halves(), () => new CalibratePass()))
            .Run(graph, Pipeline.Parse("halves,calibrate"), services);
        var values = services.Results.Get<CalibrationFile>()!.Values;
        Assert.Equal([null, "half", "percentile{percentile=99}"], values.Select(v => v.Method));
        Assert.Equal(CalibrationMethod.RoundUp(values[1].Seen!.Max / 2.0), values[1].Threshold);
        Assert.True(values[2].Threshold < values[2].Seen!.Max);
        Assert.Equal(7, graph.Outputs[0].Type.Reading!.Precision);
    }

    [Fact]
    public void A_factor_goes_into_the_layer_before_it()
    {
        const string Text = """
            graph @g(%x: f32[1, 1, 3, 3]) {
              @w: f32[2, 1, 3, 3] = random(1)
              @c: f32[2, 1, 1] = [2, 3]
              %a = nn.conv2d(%x, @w) {kernel = [3, 3]}
              %b = nn.mul(@c, %a)
              %d = nn.neg(%b)
              %e = nn.neg(%d)
              return %e
            }
            """;
        string after = Run(new FactorPass(), Text);
        Assert.DoesNotContain("nn.mul", after);
        Assert.DoesNotContain("nn.neg", after);
        FunctionCheck.Same(Text, after);
    }

    [Fact]
    public void A_flatten_goes_where_another_follows() => Assert.DoesNotContain("%a", Run(new Flattens(), """
        graph @g(%x: f32[1, 2, 3]) {
          %a = nn.flatten(%x)
          %b = nn.relu(%a)
          %c = nn.flatten(%b)
          return %c
        }
        """));

    private static string Run(Pass pass, string text)
    {
        var graph = TextParser.ParseOne(text);
        new PassManager(new PassRegistry(() => pass)).Run(graph, Pipeline.Parse(pass.Info.Name));
        return TextPrinter.Print(graph);
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private sealed class FactorPass : RewritePass
    {
        public override PassInfo Info { get; } = new("factors", "As the page shows", Level.Float, Level.Float);

        protected override IEnumerable<Rule> Rules =>
        [
            // (W·x + b)·c → (c·W)·x + c·b, one number or one for each channel
            Rule.On(NnBinary.Mul, Any("product"), PerChannel("c")).Rewrite((match, context) =>
                Contraction.Behind(match["product"]) is { ResultAxis: 1 } layer
                    ? layer.ScaleOutputs(match.Operation, context, Factors(match), null) : null),
            // -(-x) → x
            Rule.On(NnUnary.Neg, MadeBy(NnUnary.Neg, Any("x"))).Rewrite((match, _) => match["x"]),
        ];

        private static double[] Factors(RuleMatch match) =>
            Array.ConvertAll(match["c"].AlongAxis(match["product"].Type.Shape, axis: 1)!, factor => (double)factor);
    }

    private sealed class Halves : Pass
    {
        public override PassInfo Info { get; } = new("halves", "As the page shows", Level.Float, Level.Float);

        public override void Run(Graph graph, PassContext context)
        {
            var share = new CalibrationMethod("half", "half of what was seen", (seen, _) => seen.AbsMax / 2);
            foreach (var op in graph.Operations.Where(op => op.Spec == NnUnary.Sigmoid))
            {
                GivenMethods.Of(context.Services)[op.Result] = ChosenMethod.Parse("percentile{percentile=99}");
                GivenMethods.Of(context.Services)[op.Operands[0]] = ChosenMethod.Of(share);
                context.Rewriter.SetType(op.Result, op.Result.Type with { Threshold = 0, Reading = new Reading(Precision: 7) });
            }
        }
    }

    private sealed class Flattens : RewritePass
    {
        public override PassInfo Info { get; } = new("flattens", "As the page shows", Level.Float, Level.Float);

        protected override IEnumerable<Rule> Rules =>
        [
            // relu(flatten(x)) → flatten later: reshapes that only relus see
            Rule.On(NnShape.Flatten, Any("x")).Where(match => match["x"].IsInput).Retyping().Rewrite((match, _) => match["x"]),
        ];
    }
}
