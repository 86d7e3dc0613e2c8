using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Recurrent;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>
/// Recurrent layers of constant length, unrolled: one dense layer for what all steps read of the input, and another a step for what it
/// reads of the step before.
/// </summary>
internal static class OnnxRecurrentOps
{
    /// <summary>Beyond this many steps the graph is hardly what anybody wants.</summary>
    private const int MostSteps = 4096;

    /// <summary>So many steps are no surprise.</summary>
    private const int Usual = 64;

    public static readonly OnnxOp[] Rows =
    [
        new("LSTM", "unrolled: nn.dense, nn.add, nn.sigmoid, nn.tanh, nn.mul of each step; without peepholes") { Import = Lstm },
        new("GRU", "unrolled: nn.dense, nn.add, nn.sigmoid, nn.tanh, nn.mul of each step") { Import = Gru },
        new("RNN", "unrolled: nn.dense, nn.add and its activation of each step") { Import = Rnn },
    ];

    private static Entry[] Lstm(OnnxNode n)
    {
        n.Attributes.Require("input_forget", 0);
        if (n.Has(7)) throw n.Refused("it has peepholes (input 7)", "export it without them");
        return Unrolled(n, gates: 4, states: 2, new Activations(n, "Sigmoid", "Tanh", "Tanh"), LstmCell.Step);
    }

    private static Entry[] Gru(OnnxNode n) => Unrolled(
        n, gates: 3, states: 1, new Activations(n, "Sigmoid", "Tanh"),
        n.Attributes.Bool("linear_before_reset", false) ? GruCell.ResetProduct : GruCell.ResetState);

    private static Entry[] Rnn(OnnxNode n) => Unrolled(n, gates: 1, states: 1, new Activations(n, "Tanh"), RnnCell.Step);

    private static Entry[] Unrolled(OnnxNode n, int gates, int states, Activations activations, CellStep step)
    {
        string direction = n.Attributes.Choice("direction", "forward", "reverse", "bidirectional");
        bool isBatchFirst = n.Attributes.Bool("layout", false);
        if (n.Rank != 3) throw n.Mismatch($"{n.Shape()} is no sequence: [steps, batch, inputs] is needed");
        var data = isBatchFirst ? Turned(n, "sequence", n.Data()) : n.Data();
        var sequence = new RecurrentSequence(n, data, gates, direction == "bidirectional" ? 2 : 1);
        if (sequence.Steps > MostSteps)
            throw n.Refused(
                $"it has {Counted.Of(sequence.Steps, "step")}", $"at most {MostSteps} are unrolled: run the network on a part at a time");
        if (sequence.Steps > Usual)
            n.Warn($"{Counted.Of(sequence.Steps, "step")} are unrolled, each with operations of its own",
                "a network of one step, with its states as inputs and outputs, is smaller");
        var ends = new List<Value[]>();
        var all = new List<Value>();
        for (int d = 0; d < sequence.Directions; d++)
        {
            bool isReverse = direction == "reverse" || d == 1;
            var cell = new RecurrentCell(n, sequence, d, activations);
            var state = cell.Initial(states, isBatchFirst);
            var outputs = new Value[sequence.Steps];
            foreach (int t in isReverse ? Enumerable.Range(0, sequence.Steps).Reverse() : Enumerable.Range(0, sequence.Steps))
            {
                state = step(cell, t, state);
                outputs[t] = state[0]!;
            }
            ends.Add([.. state.Select(s => s!)]);
            if (n.Wants(0)) all.Add(sequence.Joined(outputs, d));
        }
        // [steps, directions, batch, hidden], and each state as [directions, batch, hidden]
        var results = new Entry[1 + states];
        for (int k = 0; k < results.Length; k++)
        {
            if (!n.Wants(k))
            {
                results[k] = n.Input();
                continue;
            }
            IReadOnlyList<Value> parts = k == 0 ? all : [.. ends.Select((end, d) => sequence.End(end[k - 1], d, k))];
            results[k] = Entry.Of(n.OutputName(k), Named(n, k, parts, isBatchFirst));
        }
        return results;
    }

    private static Value Named(OnnxNode n, int output, IReadOnlyList<Value> directions, bool isBatchFirst)
    {
        string name = n.OutputName(output);
        int axis = output == 0 ? 1 : 0;
        if (!isBatchFirst) return n.EmitAs(name, NnShape.Concat, directions, ("axis", axis));
        var joined = n.Step($"joined{output}", NnShape.Concat, directions, ("axis", axis));
        // [steps, directions, batch, hidden] ⇒ [batch, steps, directions, hidden]; of a state [batch, directions, hidden]
        return n.EmitAs(name, NnShape.Transpose, [joined], ("axes", output == 0 ? [2, 0, 1, 3] : new[] { 1, 0, 2 }));
    }

    private static Value Turned(OnnxNode n, string step, Value value) =>
        n.Step(step, NnShape.Transpose, [value], ("axes", new[] { 1, 0, 2 }));
}
