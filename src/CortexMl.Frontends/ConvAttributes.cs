using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Frontends;

/// <summary>Attributes of nn.conv2d, those at their defaults left out.</summary>
internal static class ConvAttributes
{
    /// <param name="isPaddingShort">Whether two numbers stand for both sides; the padding is symmetric then.</param>
    public static (string, AttributeValue)[] Of(SlidingWindow window, long groups, bool isPaddingShort = false)
    {
        var attributes = new List<(string, AttributeValue)> { ("kernel", window.Kernel) };
        if (window.Strides is not [1, 1]) attributes.Add(("strides", window.Strides));
        if (window.HasPadding) attributes.Add(("padding", isPaddingShort ? window.Padding[..2] : window.Padding));
        if (window.IsDilated) attributes.Add(("dilation", window.Dilation));
        if (groups != 1) attributes.Add(("groups", groups));
        return [.. attributes];
    }
}
