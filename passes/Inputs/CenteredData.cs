using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

namespace CortexMl.Passes.Inputs;

/// <summary>The data of a layer, centred.</summary>
/// <param name="channels">For each channel of the data the channel of the input whose offset and gain it has.</param>
internal sealed class CenteredData(Value value, CenteringChoice choice, int[] channels)
{
    public Value Value => value;

    public double[] Offsets { get; } = [.. channels.Select(c => choice.Centering.Offset[c])];

    public double[] Gains { get; } = [.. channels.Select(c => choice.Centering.Gain[c])];

    //  nn.conv2d(%x) {padding = [1, 1]}   ⇒   nn.conv2d(nn.pad(%x) {…, value = -127})
    //
    // A convolution pads with 0. The centred input has another number for it, and each channel its own where gains or offsets differ:
    // then constant borders stand in for the pad.
    public Value Padded(Operation convolution, PassContext context)
    {
        long[] padding = SlidingWindow.Of(convolution).Padding;
        float[] zeros = [.. channels.Select(c => (float)Math.Clamp(choice.Centering.Of(0, c), -choice.Reach, choice.Reach))];
        if (zeros.AsSpan().ContainsAnyExcept(zeros[0]))
            return ConstantBorder.Around(
                convolution, value, padding, zeros, Insertion.NameFor(convolution, "border"), made => Reaching(made, context),
                context.Rewriter);
        var pad = context.Insert(convolution, NnShape.Pad, [value], Attributes.Of(
            ("before", new[] { 0, 0, padding[0], padding[1] }), ("after", new[] { 0, 0, padding[2], padding[3] }),
            ("value", (double)zeros[0])));
        return Reaching(pad, context);
    }

    private Value Reaching(Value made, PassContext context)
    {
        context.Rewriter.SetType(made, made.Type with { Threshold = choice.Reach });
        return made;
    }
}
