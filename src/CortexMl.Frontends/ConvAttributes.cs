using CortexMl.Ir;

namespace CortexMl.Frontends;

/// <summary>Attributes of nn.conv2d, those at their defaults left out.</summary>
internal static class ConvAttributes
{
    /// <param name="padding">Top, left, bottom, right, or the two that stand for both sides.</param>
    public static (string, AttributeValue)[] Of(long[] kernel, long[] strides, long[] padding, long[] dilation, long groups)
    {
        var attributes = new List<(string, AttributeValue)> { ("kernel", kernel) };
        if (strides is not [1, 1]) attributes.Add(("strides", strides));
        if (Array.Exists(padding, p => p != 0)) attributes.Add(("padding", padding));
        if (dilation is not [1, 1]) attributes.Add(("dilation", dilation));
        if (groups != 1) attributes.Add(("groups", groups));
        return [.. attributes];
    }
}
