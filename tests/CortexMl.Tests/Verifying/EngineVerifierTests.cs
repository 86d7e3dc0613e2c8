using CortexMl.Engines;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Text;
using CortexMl.Verifying;
using Xunit;

namespace CortexMl.Tests.Verifying;

/// <summary>Engines that are wrong on purpose.</summary>
public sealed class EngineVerifierTests
{
    private static readonly Graph s_graph = TextParser.ParseOne("""
        graph @g(%x: i8[1, 3]) -> i8[1, 3], i8[1, 3] {
          %r = cvm.relu(%x)
          %n = cvm.negative(%r)
          return %n, %x
        }
        """);

    [Fact]
    public void The_first_difference_is_named_by_sample_value_and_element()
    {
        var verdict = Verify((sample, value, numbers) =>
        {
            if (sample == 1) numbers[2] += value == "r" ? 1 : 5;
        });
        int right = Expected(1)[2];
        Assert.Equal($"sample 1, %r, element 2: {right + 1} instead of {right}", verdict.Difference);
    }

    [Fact]
    public void Outputs_are_compared_besides_the_values_that_were_shown()
    {
        var verdict = Verify((_, _, _) => { }, outputs => outputs[1].Data[0] ^= 1);
        Assert.StartsWith("sample 0, output 1, %x, element 0: ", verdict.Difference, StringComparison.Ordinal);
    }

    [Fact]
    public void An_engine_that_is_right_has_no_difference_and_the_same_digest()
    {
        var result = Run((_, _, _) => { }, _ => { }, out int prepared);
        Assert.True(result.Agrees);
        Assert.Single(result.Engines.Select(e => e.Digest).Distinct());
        Assert.Equal((2, 1), (result.Engines[1].Values, prepared));
    }

    private static int[] Expected(int sample) => [.. RandomInputs.Of(s_graph, sample)[0].Data.Select(x => Math.Max(0, x))];

    private static EngineVerdict Verify(Action<int, string, int[]> shown, Action<IReadOnlyList<Tensor<int>>>? returned = null) =>
        Run(shown, returned ?? (_ => { }), out _).Engines[1];

    private static Verification Run(Action<int, string, int[]> shown, Action<IReadOnlyList<Tensor<int>>> returned, out int prepared)
    {
        int count = 0;
        var right =
            new EngineVariant("right", 1, observe => new InterpreterEngine(new InterpreterOptions { Observe = observe }).Prepare(s_graph));
        var wrong = new EngineVariant("wrong", 1, observe =>
        {
            count++;
            return new Tampered(shown, returned, observe);
        });
        var result = EngineVerifier.Run(
            new Model("g", s_graph), [RandomInputs.Of(s_graph, 0), RandomInputs.Of(s_graph, 1)], [right, wrong], NoProgress.Instance);
        prepared = count;
        return result;
    }

    /// <summary>The interpreter, whose numbers are changed on the way out.</summary>
    private sealed class Tampered(
        Action<int, string, int[]> shown, Action<IReadOnlyList<Tensor<int>>> returned, Action<Value, Tensor<int>> observe) : IExecutable
    {
        private int _sample;

        public IReadOnlyList<Tensor<int>> Run(IReadOnlyList<Tensor<int>> inputs)
        {
            using var interpreter = new InterpreterEngine(new InterpreterOptions { Observe = Show }).Prepare(s_graph);
            var outputs = interpreter.Run(inputs).Select(o => Tensor.Create(o.Shape, (int[])o.Data.Clone())).ToList();
            returned(outputs);
            _sample++;
            return outputs;
        }

        public void Dispose()
        {
        }

        private void Show(Value value, Tensor<int> tensor)
        {
            int[] numbers = (int[])tensor.Data.Clone();
            if (!value.IsInput) shown(_sample, value.Name!, numbers);
            observe(value, Tensor.Create(tensor.Shape, numbers));
        }
    }
}
