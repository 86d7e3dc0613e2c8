using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Operations that run as one: a head that reads <see cref="Data"/>, and a chain of element-wise ones behind it.</summary>
/// <param name="Head">Convolution, dense layer, pooling, upsampling or sum; null where the chain works on the data itself.</param>
/// <param name="Links">The head's bias first.</param>
/// <param name="Last">Where the group runs: all its operands are ready there.</param>
internal sealed record Group(Operation? Head, Value Data, IReadOnlyList<ChainLink> Links, Operation Last)
{
    public Value Result => Last.Result;

    public View View { get; } = View.Of(Data.Type.Shape)!.Value;

    public View ResultView { get; } = View.Of(Last.Result.Type.Shape)!.Value;

    public bool IsDepthwise { get; } = Head is { } head && head.Spec.Is(OpTraits.Product) && IsChannelWise(head);

    /// <summary>A convolution or dense layer whose results read several channels.</summary>
    public bool IsProduct => Head is { } head && head.Spec.Is(OpTraits.Product) && !IsDepthwise;

    /// <summary>Channels that a result channel reads; for convolutions only.</summary>
    public Grouping Grouping => new(Head!.Groups(), View.Channels, ResultView.Channels);

    /// <summary>Where its convolution reads; a dense layer is one whose kernel covers the whole image.</summary>
    public TapAddresses Addresses => Head!.Spec == CvmConv.Dense
        ? new TapAddresses(new SlidingWindow(new WindowAxis(View.Height), new WindowAxis(View.Width)), 1, 1)
        : new TapAddresses(SlidingWindow.Of(Head), ResultView.Height, ResultView.Width);

    /// <summary>The smallest and the largest one of a convolution or dense layer.</summary>
    public (int Least, int Greatest) Weights => Head!.Operands[1].Constant!.Range;

    public IEnumerable<Value> Others => Links.OfType<ChainLink.Combine>().Select(c => c.Other);

    public bool HasWeightsWithin(int least, int greatest) => Weights.Least >= least && Weights.Greatest <= greatest;

    private static bool IsChannelWise(Operation head)
    {
        var weight = head.Operands[1].Type.Shape;
        return head.Groups() > 1 && weight[1] == 1 && weight[0] == head.Groups();
    }
}
