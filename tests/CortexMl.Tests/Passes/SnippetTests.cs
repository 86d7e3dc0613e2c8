using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Testing;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;
using static CortexMl.Passes.Prepare.Matching.Operands;

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
