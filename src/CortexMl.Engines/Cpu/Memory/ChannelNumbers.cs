using CortexMl.Ir;

namespace CortexMl.Engines.Cpu.Memory;

/// <summary>What padding holds: one number in all channels, or one in each.</summary>
internal sealed class ChannelNumbers : IEquatable<ChannelNumbers>
{
    public static readonly ChannelNumbers Zero = new([0]);

    private readonly int[] _numbers;

    private ChannelNumbers(int[] numbers) => _numbers = numbers;

    private int this[int channel] => _numbers.Length == 1 ? _numbers[0] : _numbers[channel];

    /// <returns>Null where a channel of the constant holds different numbers, or the value is none that can be packed.</returns>
    public static ChannelNumbers? Of(Value value)
    {
        if (value.Constant is not { } constant || View.Of(value.Type.Shape) is not { } view) return null;
        if (constant.Range.Least == constant.Range.Greatest) return new([constant.Range.Least]);
        var elements = constant.Integers;
        int plane = view.Height * view.Width;
        var numbers = new int[view.Channels];
        for (int c = 0; c < view.Channels; c++)
        {
            numbers[c] = elements[c * plane];
            for (int n = 0; n < view.Batch; n++)
                if (elements.Slice(((n * view.Channels) + c) * plane, plane).ContainsAnyExcept(numbers[c])) return null;
        }
        return new(numbers);
    }

    /// <summary>So many pixels of them, as a layout keeps them; channels that it does not use hold zero.</summary>
    /// <param name="channels">That are written of each pixel.</param>
    /// <param name="stride">Elements from one pixel to the next.</param>
    public byte[] Pixels(PackedLayout layout, int channels, int stride, int pixels)
    {
        int size = (int)layout.Kind;
        var bytes = new byte[pixels * stride * size];
        for (int c = 0; c < channels; c++)
        {
            int element = this[c] + layout.Offset;
            for (int at = c * size; at < bytes.Length; at += stride * size)
                for (int b = 0; b < size; b++) bytes[at + b] = (byte)(element >> (8 * b));
        }
        return bytes;
    }

    public bool Equals(ChannelNumbers? other) => other is not null && _numbers.AsSpan().SequenceEqual(other._numbers);

    public override bool Equals(object? obj) => Equals(obj as ChannelNumbers);

    public override int GetHashCode() => _numbers.Aggregate(_numbers.Length, HashCode.Combine);
}
