using System.Buffers.Binary;
using CortexMl.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Chain.Words;

/// <summary>A model's input as the words of a contract's storage (CortexMl.Chain/SPECIFICATION.md §3).</summary>
public static class InputWords
{
    /// <summary>Words that the model reads; further ones are cut off.</summary>
    public static long Count(CvmModel model) => ChainWords.Count(model.InputLength);

    /// <summary>One byte an element where the input's precision is at most 8, else four, big-endian.</summary>
    /// <param name="input">Integers within the input's precision.</param>
    public static byte[] Pack(CvmModel model, Tensor<int> input) => ChainWords.Pad(Bytes(input.Data, model.InputTypeSize));

    internal static byte[] Bytes(ReadOnlySpan<int> elements, int typeSize)
    {
        var bytes = new byte[elements.Length * typeSize];
        for (int i = 0; i < elements.Length; i++)
        {
            if (typeSize == 1) bytes[i] = unchecked((byte)elements[i]);
            else BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * typeSize), elements[i]);
        }
        return bytes;
    }

    /// <summary>The array of an input account's data file: int8 or (little-endian) int32, without the batch dimension.</summary>
    public static Tensor ToAccountData(CvmModel model, Tensor<int> input)
    {
        var shape = ChainShape.Of(input.Shape);
        return model.InputTypeSize == 1 ? Tensor.Create(shape, Array.ConvertAll(input.Data, v => (sbyte)v)) : input.Reshape(shape);
    }
}
