using System.Buffers.Binary;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Text;

/// <summary>
/// The elements of a constant as their bytes, <c>[base64:AACAPwAAAEA]</c>: exact, and a third longer than they are. Little-endian; floats
/// and integers of more than 16 bits take 4 bytes each, integers of up to 8 bits one, of up to 16 two. A list is one token, which cannot
/// hold the padding of base64; so there is none.
/// </summary>
internal static class EncodedElements
{
    private const string Mark = "base64:";

    /// <summary>Elements that are written at a time, so that no copy of a large constant is made.</summary>
    private const int Part = 3 << 12;

    /// <param name="list">With its brackets.</param>
    public static bool IsEncoded(ReadOnlySpan<char> list) => list[1..^1].TrimStart().StartsWith(Mark);

    public static void Write(TextWriter text, TensorType type, ConstantData data)
    {
        int width = Width(type);
        byte[] buffer = new byte[Part * width];
        text.Write($"[{Mark}");
        for (int start = 0; start < data.Tensor.Length; start += Part)
        {
            int count = Math.Min(Part, data.Tensor.Length - start);
            for (int i = 0; i < count; i++)
                Write(buffer.AsSpan(i * width, width), data.IsFloat
                    ? BitConverter.SingleToInt32Bits(data.Floats[start + i]) : data.Integers[start + i]);
            text.Write(Convert.ToBase64String(buffer, 0, count * width).TrimEnd('='));
        }
        text.Write(']');
    }

    /// <returns>Null where it is no base64, or not of as many elements as the type has.</returns>
    public static Tensor? Read(ReadOnlySpan<char> list, TensorType type)
    {
        var body = list[1..^1].Trim()[Mark.Length..].Trim();
        int width = Width(type), padding = (4 - body.Length % 4) % 4;
        char[] text = new char[body.Length + padding];
        body.CopyTo(text);
        text.AsSpan(body.Length).Fill('=');
        byte[] bytes = new byte[text.Length / 4 * 3];
        if (padding == 3 || !Convert.TryFromBase64Chars(text, bytes, out int length) || length != type.Shape.Count * width) return null;
        int[] elements = new int[type.Shape.Count];
        for (int i = 0; i < elements.Length; i++) elements[i] = Read(bytes.AsSpan(i * width, width));
        return type.Element.IsFloat
            ? Tensor.Create(type.Shape, Array.ConvertAll(elements, BitConverter.Int32BitsToSingle))
            : Tensor.Create(type.Shape, elements);
    }

    private static int Width(TensorType type) => type.Element.IsFloat || type.Precision > 16 ? 4 : type.Precision > 8 ? 2 : 1;

    private static void Write(Span<byte> to, int element)
    {
        if (to.Length == 4) BinaryPrimitives.WriteInt32LittleEndian(to, element);
        else if (to.Length == 2) BinaryPrimitives.WriteInt16LittleEndian(to, (short)element);
        else to[0] = (byte)element;
    }

    private static int Read(ReadOnlySpan<byte> from) => from.Length switch
    {
        4 => BinaryPrimitives.ReadInt32LittleEndian(from),
        2 => BinaryPrimitives.ReadInt16LittleEndian(from),
        _ => (sbyte)from[0],
    };
}
