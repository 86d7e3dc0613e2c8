using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Streaming;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Streaming;

public sealed class StatePairTests
{
    [Theory]
    [InlineData("conv_cache, inter_cache", "inter_cache_out, conv_cache_out", "conv_cache_out=conv_cache inter_cache_out=inter_cache")]
    [InlineData("state", "stateN", "stateN=state")]
    [InlineData("h0, c0", "hn, cn", "hn=h0 cn=c0")]
    [InlineData("past_key_0, past_key_1", "present_key_1, present_key_0", "present_key_0=past_key_0 present_key_1=past_key_1")]
    [InlineData("prevHidden", "nextHidden", "nextHidden=prevHidden")]
    public void Names_tell_which_state_goes_where(string inputs, string outputs, string pairs) =>
        Assert.Equal(pairs, Found(Network("x", inputs, "y", outputs)));

    [Fact]
    public void A_shape_tells_it_where_names_do_not() => Assert.Equal("Identity_1=input_3", Found("""
        graph @g(%input_2: f32[1, 4], %input_3: f32[1, 2]) {
          %Identity = nn.relu(%input_2)
          %Identity_1 = nn.relu(%input_3)
          return %Identity, %Identity_1
        }
        """));

    [Fact]
    public void What_is_heard_and_what_comes_of_it_are_no_state() =>
        Assert.Equal("h_out=h_in", Found(Network("frame_in", "h_in", "frame_out", "h_out")));

    [Fact]
    public void A_network_without_states_says_what_it_has()
    {
        var error = Assert.Throws<DiagnosticException>(() => Found(Network("x", "a, b", "y", "c, d"))).Diagnostics.Single();
        Assert.Equal(
            ("CML0988", "'net': no output looks like a state that an input takes: outputs y [1, 2], c [1, 2], d [1, 2];"
                + " inputs x [1, 2], a [1, 2], b [1, 2]", "name each pair: --state OUTPUT=INPUT"),
            (error.Code, error.Message, error.Hint));
    }

    [Fact]
    public void Everything_wrong_about_named_pairs_is_told_at_once()
    {
        string text = """
            graph @g(%x: f32[1, 2], %state: f32[1, 3]) {
              %y = nn.relu(%x)
              %next = nn.relu(%state)
              return %y, %next
            }
            """;
        var errors = Assert.Throws<DiagnosticException>(() => Found(text, new("nextt", "state"), new("y", "state"), new("next", "h")));
        Assert.Equal(
            [
                "state 'nextt' → 'state': 'net' has no output 'nextt'", "state 'y' → 'state': the output is [1, 2], the input takes [1, 3]",
                "state 'next' → 'h': 'net' has no input 'h'", "input 'state' takes one state, not 2",
            ],
            errors.Diagnostics.Select(d => d.Message));
    }

    private static string Network(string data, string inputs, string result, string outputs)
    {
        string[] names = inputs.Split(", "), results = outputs.Split(", ");
        return $$"""
            graph @g(%{{data}}: f32[1, 2], {{string.Join(", ", names.Select(n => $"%{n}: f32[1, 2]"))}}) {
              %{{result}} = nn.relu(%{{data}})
              {{string.Join("\n", results.Select((r, k) => $"%{r} = nn.add(%{names[k]}, %{data})"))}}
              return %{{result}}, {{string.Join(", ", results.Select(r => $"%{r}"))}}
            }
            """;
    }

    private static string Found(string text, params StatePair[] given) =>
        string.Join(' ', StatePairs.Of(new Model("net", TextParser.ParseOne(text)), given).Select(p => $"{p.Output}={p.Input}"));
}
