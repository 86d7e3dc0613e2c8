using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Loops whose number of rounds is known: their body stands once for each round.</summary>
internal static class OnnxLoopOps
{
    /// <summary>Rounds that are unrolled, and those from which on it is told.</summary>
    private const int MostRounds = 4096, Usual = 64;

    public static readonly OnnxOp[] Rows =
    [
        new("Loop", "unrolled: its body for each round; trip count and condition must follow from constants, shapes or --bind")
        {
            Import = Loop, Fold = Loop,
        },
        new("Scan", "unrolled: its body for each element of the scanned axis; from opset 9 on") { Import = Scan, Fold = Scan },
    ];

    private static GraphProto Body(OnnxNode n, int inputs, int results)
    {
        var body = n.Attributes.Graph("body") ?? throw new NodeException(FrontendCodes.ModelMalformed, "it has no body");
        if (body.Input.Count != inputs || body.Output.Count < results)
            throw n.Mismatch($"its body takes {Counted.Of(body.Input.Count, "input")} and gives {Counted.Of(body.Output.Count, "output")} "
                + $"where there are {inputs} and {results} or more");
        return body;
    }

    //  inputs: trip count, condition, states        body: (round, condition, states) → (condition, states, what is collected)
    private static Entry[] Loop(OnnxNode n)
    {
        int states = Math.Max(0, n.InputCount - 2);
        var body = Body(n, states + 2, states + 1);
        long rounds = n.Has(0) ? (long)n.Number(0, "the trip count") : long.MaxValue;
        bool goesOn = !n.Has(1) || n.Number(1, "the condition") != 0;
        var carried = Enumerable.Range(2, states).Select(n.Input).ToList();
        var collected = Enumerable.Range(0, body.Output.Count - states - 1).Select(_ => new List<Entry>()).ToList();
        int round = 0;
        for (; goesOn && round < rounds; round++)
        {
            if (round == MostRounds) throw TooMany(n);
            Entry[] arguments = [Entry.Of("round", Tensor.Scalar((long)round)), Entry.Of("condition", Tensor.Scalar(true)), .. carried];
            var results = n.Inline(body, [.. body.Input.Zip(arguments, (input, entry) => entry with { Name = input.Name })]);
            goesOn = results[0].Tensor is { Length: 1 } known ? known.GetDouble(0) != 0
                : throw n.Refused("whether it goes on depends on the network's input", "export it with a constant number of rounds");
            carried = [.. results.Skip(1).Take(states)];
            foreach (var (i, entry) in results.Skip(1 + states).Index()) collected[i].Add(entry);
        }
        Tell(n, round);
        return Results(n, carried, collected, []);
    }

    //  inputs: states, what is scanned        body: (states, an element of each) → (states, what is collected)
    private static Entry[] Scan(OnnxNode n)
    {
        if (n.Opset < 9) throw n.Refused($"a batch is scanned by its form of opset {n.Opset}", "the form of opset 9 is supported");
        long count = n.Attributes.Int("num_scan_inputs", 0);
        if (count < 1 || count > n.InputCount) throw n.Attributes.Unsupported("num_scan_inputs", $"1 to {n.InputCount}");
        int scanned = (int)count, states = n.InputCount - scanned;
        var body = Body(n, n.InputCount, states);
        int[] axes = [.. Enumerable.Range(0, scanned).Select(i => n.Axis(At(n, "scan_input_axes", i), n.Shape(states + i).Rank))];
        int rounds = n.Shape(states)[axes[0]];
        if (Enumerable.Range(0, scanned).Any(i => n.Shape(states + i)[axes[i]] != rounds))
            throw n.Mismatch("what is scanned has different lengths");
        if (rounds > MostRounds) throw TooMany(n);
        var carried = Enumerable.Range(0, states).Select(n.Input).ToList();
        var collected = Enumerable.Range(0, body.Output.Count - states).Select(_ => new List<Entry>()).ToList();
        for (int round = 0; round < rounds; round++)
        {
            var items = Enumerable.Range(0, scanned).Select(i =>
                Item(n, states + i, axes[i], At(n, "scan_input_directions", i) == 0 ? round : rounds - 1 - round));
            var results = n.Inline(body, [.. body.Input.Zip([.. carried, .. items], (input, entry) => entry with { Name = input.Name })]);
            carried = [.. results.Take(states)];
            foreach (var (i, entry) in results.Skip(states).Index()) collected[i].Add(entry);
        }
        foreach (var (i, entries) in collected.Index())
            if (At(n, "scan_output_directions", i) != 0) entries.Reverse();
        Tell(n, rounds);
        return Results(n, carried, collected, [.. Enumerable.Range(0, collected.Count).Select(i => At(n, "scan_output_axes", i))]);
    }

    private static long At(OnnxNode n, string attribute, int index) =>
        n.Attributes.Ints(attribute) is { } values && index < values.Length ? values[index] : 0;

    private static Entry Item(OnnxNode n, int input, int axis, int at)
    {
        var entry = n.Input(input);
        var shape = entry.Shape;
        var rest = Shape.Of(shape.Where((_, a) => a != axis));
        if (entry.Tensor is { } known) return Entry.Of(entry.Name, Moves.Gather(known, [at], Shape.Of(), axis));
        var slice = n.Step("item", NnShape.Slice, [n.AnyData(input)], ("begin", shape.Select((_, a) => a == axis ? at : 0).ToArray()),
            ("end", shape.With(axis, at + 1)), ("strides", Enumerable.Repeat(1, shape.Rank).ToArray()));
        return entry with { Value = n.Reshaped("element", slice, rest), Shape = rest };
    }

    private static Entry[] Results(OnnxNode n, List<Entry> carried, List<List<Entry>> collected, long[] axes)
    {
        List<Entry> results = [.. carried];
        foreach (var (i, entries) in collected.Index())
        {
            int output = carried.Count + i;
            if (!n.Gives(output)) break;
            if (entries.Count == 0) throw n.Refused("it does no round, so that what it collects is empty", "leave the loop out");
            results.Add(Stacked(n, n.OutputName(output), entries, n.Axis(axes.ElementAtOrDefault(i), entries[0].Shape.Rank + 1)));
        }
        return [.. results.Take(n.OutputCount).Select((entry, i) => entry with { Name = n.OutputName(i) })];
    }

    /// <summary>Entries of one shape along a new axis.</summary>
    public static Entry Stacked(OnnxNode n, string name, List<Entry> entries, int axis)
    {
        var item = entries[0].Shape.Insert(axis, 1);
        if (entries.Exists(e => e.Shape != entries[0].Shape || e.Type != entries[0].Type || e.Quantized != entries[0].Quantized))
            throw n.Mismatch($"what it collects as '{name}' has different shapes or types");
        if (entries.TrueForAll(e => e.Tensor is not null))
        {
            var shape = n.Reserve(item.Select((d, a) => a == axis ? (long)entries.Count : d), entries[0].Type);
            return Entry.Of(name, Moves.Concat([.. entries.Select(e => e.Tensor!.Reshape(item))], axis, shape));
        }
        var parts = entries.Select(e => n.Reshaped("collected", n.ValueOf(e), item)).ToList();
        var value = parts.Count == 1 ? n.EmitAs(name, NnUnary.Identity, parts) : n.EmitAs(name, NnShape.Concat, parts, ("axis", axis));
        return entries[0] with { Value = value, Shape = value.Type.Shape, Tensor = null };
    }

    private static void Tell(OnnxNode n, int rounds)
    {
        if (rounds > Usual)
            n.Warn($"{Counted.Of(rounds, "round")} are unrolled, each with operations of its own",
                "a network of one round, with its states as inputs and outputs, is smaller");
    }

    private static NodeException TooMany(OnnxNode n) =>
        n.Refused($"it has more than {Counted.Of(MostRounds, "round")}", "run the network on a part at a time");
}
