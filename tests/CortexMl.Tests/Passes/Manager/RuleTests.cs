using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Text;
using Xunit;
using static CortexMl.Passes.Prepare.Matching.Operands;

namespace CortexMl.Tests.Passes.Manager;

/// <summary>Rules with operand patterns, what a rule may not do, and types behind a replacement.</summary>
public sealed class RuleTests
{
    private const string Scaled = """
        graph @g(%x: f32[1, 3, 2]) {
          @two: f32[] = 2
          @each: f32[3, 1] = [1, 2, 3]
          @other: f32[3, 2] = [1, 2, 3, 4, 5, 6]
          %a = nn.mul(%x, @two)
          %b = nn.mul(@two, %a)
          %c = nn.mul(%b, @each)
          %d = nn.mul(%c, @other)
          %e = nn.mul(%d, %d)
          %f = nn.sub(@two, %e)
          return %f
        }
        """;

    private static readonly OperandPattern[] s_xAndNumber = [Computed("x"), Scalar("c")];

    [Theory]
    [InlineData("scalar", "a b")]
    [InlineData("channel", "a b c")]
    [InlineData("constant", "a b c d")]
    [InlineData("same", "e")]
    [InlineData("number", "a b")]
    [InlineData("nested", "b")]
    public void A_pattern_names_what_it_matches_in_either_order(string pattern, string matched)
    {
        var rule = pattern switch
        {
            "scalar" => Rule.On(NnBinary.Mul, s_xAndNumber[0], s_xAndNumber[1]),
            "channel" => Rule.On(NnBinary.Mul, Any("x"), PerChannel("c")),
            "constant" => Rule.On(NnBinary.Mul, Any("x"), Constant("c")),
            "same" => Rule.On(NnBinary.Mul, Any("x"), Any("x")),
            "number" => Rule.On(NnBinary.Mul, Any("x"), Number(2)),
            _ => Rule.On(NnBinary.Mul, Any("c"), OnlyMadeBy(NnBinary.Mul, s_xAndNumber)),
        };
        var found = new List<string>();
        Run(Scaled, rule.Rewrite((match, _) =>
        {
            found.Add(match.Operation.Result.Name!);
            Assert.Same(match["x"], match["x"]);
            Assert.Throws<ArgumentException>(() => match["y"]);
            return null;
        }));
        Assert.Equal(matched, string.Join(' ', found.Distinct()));
    }

    [Fact]
    public void Another_number_does_not_match() =>
        Assert.Empty(Matching(Rule.On(NnBinary.Mul, Any("x"), Number(3))));

    [Fact]
    public void A_row_that_is_not_commutative_matches_in_its_order_alone()
    {
        Assert.Empty(Matching(Rule.On(NnBinary.Sub, Any("x"), Scalar("c"))));
        Assert.Equal(["f"], Matching(Rule.On(NnBinary.Sub, Scalar("c"), Any("x"))));
    }

    [Fact]
    public void A_value_that_somebody_else_sees_is_made_but_not_only_made()
    {
        const string Shared = "graph @g(%x: f32[1]) {\n %a = nn.relu(%x)\n %b = nn.neg(%a)\n return %b, %a\n}";
        Assert.Empty(Matching(Rule.On(NnUnary.Neg, OnlyMadeBy(NnUnary.Relu, Any("x"))), Shared));
        Assert.Equal(["b"], Matching(Rule.On(NnUnary.Neg, MadeBy(NnUnary.Relu, Any("x"))), Shared));
    }

    [Fact]
    public void Conditions_choose_among_the_ways_to_match()
    {
        const string Text = "graph @g(%x: f32[1], %y: f32[1]) {\n %a = nn.add(%x, %y)\n return %a\n}";
        var graph = Run(Text, Rule.On(NnBinary.Add, Any("l"), Any("r")).Where(m => m["l"].Name == "y").Rewrite((m, _) => m["l"]));
        Assert.Equal("y", graph.Outputs[0].Name);
    }

    [Fact]
    public void A_rule_that_declines_after_inserting_is_an_error_with_its_operation() => Assert.Equal(
        "pass 'rules' failed: a rule on nn.sub, at %f: it changed the graph and then declined",
        Failure(Rule.On(NnBinary.Sub).Rewrite((sub, context) =>
        {
            context.Insert(sub, NnUnary.Neg, [sub["b"]]);
            return null;
        })));

    [Fact]
    public void A_replacement_of_another_type_is_an_error_with_its_operation() => Assert.Equal(
        "pass 'rules' failed: a rule on nn.sub, at %f: it put f32[] in the place of f32[1, 3, 2]",
        Failure(Rule.On(NnBinary.Sub).Rewrite((sub, _) => sub["a"])));

    [Fact]
    public void An_exception_of_a_rule_is_an_error_with_its_operation() => Assert.Equal(
        "pass 'rules' failed: a rule on nn.sub, at %f: nn.sub has no operand 'data'",
        Failure(Rule.On(NnBinary.Sub).Rewrite((sub, _) => sub["data"])));

    [Fact]
    public void Operands_that_do_not_fit_a_row_are_an_error_with_their_operation() => Assert.StartsWith(
        "pass 'rules' failed: a rule on nn.sub, at %f: ",
        Failure(Rule.On(NnBinary.Sub).Rewrite((sub, context) =>
            context.Insert(sub, NnShape.Transpose, [sub["b"]], Attributes.Of(("axes", new[] { 0 }))))));

    [Fact]
    public void A_retyping_rule_infers_what_is_behind_it()
    {
        const string Text = """
            graph @g(%x: f32[1, 2, 3]) {
              %a = nn.flatten(%x)
              %b = nn.relu(%a)
              %c = nn.neg(%a)
              %d = nn.add(%b, %c)
              %e = nn.flatten(%d)
              return %e
            }
            """;
        var graph = Run(Text, Rule.On(NnShape.Flatten, Any("x")).Where(m => m["x"].IsInput).Retyping().Rewrite((m, _) => m["x"]));
        Assert.Equal("""
            graph @g(%x: f32[1, 2, 3]) -> f32[1, 6] {
              %b = nn.relu(%x) : f32[1, 2, 3]
              %c = nn.neg(%x) : f32[1, 2, 3]
              %d = nn.add(%b, %c) : f32[1, 2, 3]
              %e = nn.flatten(%d) : f32[1, 6]
              return %e
            }

            """, TextPrinter.Print(graph));
    }

    [Fact]
    public void A_retyped_result_is_a_broken_contract() => Assert.Equal(
        "pass 'rules' failed: it changed what its record does not say that it changes:\nresult 0 was [1, 6] and is [1, 2, 3]",
        Failure(Rule.On(NnShape.Flatten).Retyping().Rewrite((flatten, _) => flatten["data"]),
            "graph @g(%x: f32[1, 2, 3]) {\n %a = nn.flatten(%x)\n %b = nn.relu(%a)\n return %b\n}"));

    private static List<string> Matching(Rule.OperandsPattern pattern, string text = Scaled)
    {
        var found = new List<string>();
        Run(text, pattern.Rewrite((match, _) =>
        {
            found.Add(match.Operation.Result.Name!);
            return null;
        }));
        return found;
    }

    private static string Failure(Rule rule, string text = Scaled) => Assert.Throws<PassFailedException>(() => Run(text, rule)).Message;

    private static Graph Run(string text, Rule rule)
    {
        var graph = TextParser.ParseOne(text);
        new PassManager(new PassRegistry(() => new RulePass(rule))).Run(graph, Pipeline.Parse("rules"));
        return graph;
    }

    private sealed class RulePass(Rule rule) : RewritePass
    {
        public override PassInfo Info { get; } = new("rules", "Runs the test's rule", Level.Float, Level.Float);

        protected override IEnumerable<Rule> Rules => [rule];
    }
}
