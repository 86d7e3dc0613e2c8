using System.Numerics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>Boxes of channels from packed layouts into another one.</summary>
/// <param name="From">Null where numbers fill the box, the same in every pixel.</param>
/// <param name="FromPixels">Byte offset in the operand of the first channel of every pixel.</param>
/// <param name="ToPixels">The same in the result.</param>
internal sealed record PackedBox(PackedBuffer? From, int Channels, int[] FromPixels, int[] ToPixels)
{
    /// <summary>What fills every pixel, as the result's layout keeps it.</summary>
    public byte[] Pixel { get; init; } = [];
}

/// <summary>Concatenation or a slice without leaving the packed layouts.</summary>
internal sealed unsafe class PackedMoveStep(Value value, IReadOnlyList<PackedBox> boxes, PackedBuffer to) : Step
{
    public override IReadOnlyList<Storage> Reads => [.. boxes.Select(b => b.From).OfType<PackedBuffer>().Distinct()];

    public override IReadOnlyList<Storage> Writes => [to];

    public override Value Subject => value;

    public override IEnumerable<(Value Value, Tensor<int> Tensor)> Results() => [(value, Packing.Read(to, value.Type.Shape))];

    public override void Run(Workers workers)
    {
        to.ClearBorder();
        workers.Run(part =>
        {
            foreach (var box in boxes) Copy(box, Share(box.ToPixels.Length, part, workers.Parts));
        });
    }

    private void Copy(PackedBox box, (int From, int To) pixels)
    {
        if (box.From is not { } from) Fill(box, pixels);
        else if (from.Layout.Kind == to.Layout.Kind && from.Layout.Offset == to.Layout.Offset) CopyBytes(from, box, pixels);
        else if (from.Layout.Kind == ElementKind.Byte) Convert<byte>(from, box, pixels);
        else if (from.Layout.Kind == ElementKind.Short) Convert<short>(from, box, pixels);
        else Convert<int>(from, box, pixels);
    }

    private void Fill(PackedBox box, (int From, int To) pixels)
    {
        for (int p = pixels.From; p < pixels.To; p++) box.Pixel.CopyTo(new Span<byte>(to.Pointer + box.ToPixels[p], box.Pixel.Length));
    }

    private void CopyBytes(PackedBuffer from, PackedBox box, (int From, int To) pixels)
    {
        int bytes = box.Channels * (int)to.Layout.Kind;
        for (int p = pixels.From; p < pixels.To; p++)
            new ReadOnlySpan<byte>(from.Pointer + box.FromPixels[p], bytes).CopyTo(new Span<byte>(to.Pointer + box.ToPixels[p], bytes));
    }

    private void Convert<T>(PackedBuffer from, PackedBox box, (int From, int To) pixels) where T : unmanaged, INumberBase<T>
    {
        if (to.Layout.Kind == ElementKind.Byte) Convert<T, byte>(from, box, pixels);
        else if (to.Layout.Kind == ElementKind.Short) Convert<T, short>(from, box, pixels);
        else Convert<T, int>(from, box, pixels);
    }

    private void Convert<T, TTo>(PackedBuffer from, PackedBox box, (int From, int To) pixels) where T : unmanaged,
    INumberBase<T> where TTo : unmanaged, INumberBase<TTo>
    {
        int offset = to.Layout.Offset - from.Layout.Offset;
        for (int p = pixels.From; p < pixels.To; p++)
        {
            T* source = (T*)(from.Pointer + box.FromPixels[p]);
            TTo* target = (TTo*)(to.Pointer + box.ToPixels[p]);
            for (int c = 0; c < box.Channels; c++) target[c] = TTo.CreateTruncating(int.CreateTruncating(source[c]) + offset);
        }
    }
}
