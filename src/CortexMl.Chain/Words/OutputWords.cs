using System.Buffers.Binary;
using CortexMl.Cvm;
using CortexMl.Cvm.Run;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Chain.Words;

/// <summary>The words that a call returns, as tensors: the inverse of what the runtime and the chain do with a model's outputs.</summary>
public static class OutputWords
{
    /// <summary>Words that the output array of a contract must have.</summary>
    public static long Count(CvmModel model) => ChainWords.Count(model.OutputLength);

    public static long ElementCount(CvmModel model) => model.OutputLength / model.OutputTypeSize;

    /// <summary>Whether the runtime returns class indices in place of scores.</summary>
    public static bool IsArgMax(CvmModel model) => model.Postprocess == "argmax";

    /// <summary>What the call writes into an array of so many words: the output, then zeros.</summary>
    /// <param name="output">The runtime's bytes, words of 4 big-endian.</param>
    /// <exception cref="DiagnosticException">CML1021, class logic: the array is too short.</exception>
    public static byte[] Write(byte[] output, long wordCount)
    {
        long needed = ChainWords.Count(output.Length);
        if (needed > wordCount)
            throw new DiagnosticException(ChainCodes.OutputArray,
                $"an output of {Counted.Of(output.Length, "byte")} does not fit {Counted.Of(wordCount, "word")}; the call fails",
                hint: $"give the contract's output array {Counted.Of(needed, "word")}", failure: FailureClass.Logic);
        var words = new byte[checked((int)(wordCount * ChainRules.WordSize))];
        output.CopyTo(words, 0);
        return words;
    }

    /// <summary>One tensor per output; of post-processing argmax, the class index of each row.</summary>
    /// <exception cref="DiagnosticException">CML1020 too few words; CML0443 a model whose outputs the runtime cannot join.</exception>
    public static IReadOnlyList<Tensor<int>> Read(CvmModel model, ReadOnlySpan<byte> words)
    {
        if (OutputConversion.Problem(model) is { } problem) throw new DiagnosticException([problem]);
        if (words.Length < model.OutputLength)
            throw new DiagnosticException(ChainCodes.Words,
                $"{Counted.Of(words.Length / ChainRules.WordSize, "word")}; "
                + $"the model's output of {Counted.Of(model.OutputLength, "byte")} has {Count(model)}");
        int[] elements = Elements(words[..checked((int)model.OutputLength)], model.OutputTypeSize);
        var shapes = model.Graph.Outputs.Select(o => o.Type.Shape).ToList();
        return IsArgMax(model) ? Classes(elements, shapes) : Rows(elements, shapes);
    }

    private static int[] Elements(ReadOnlySpan<byte> bytes, int typeSize)
    {
        var elements = new int[bytes.Length / typeSize];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = typeSize == 1 ? (sbyte)bytes[i] : BinaryPrimitives.ReadInt32BigEndian(bytes[(i * typeSize)..]);
        return elements;
    }

    private static List<Tensor<int>> Classes(int[] elements, List<Shape> shapes)
    {
        var classes = new List<Tensor<int>>();
        int at = 0;
        foreach (var shape in shapes)
        {
            int rows = (int)(shape.Count / shape[^1]);
            classes.Add(Tensor.Vector(elements[at..(at + rows)]));
            at += rows;
        }
        return classes;
    }

    /// <summary>Several outputs come row by row: the first row of each, then the second of each.</summary>
    private static List<Tensor<int>> Rows(int[] elements, List<Shape> shapes)
    {
        var outputs = shapes.ConvertAll(Tensor.Zeros<int>);
        int at = 0;
        for (int row = 0; row < shapes[0].Count / shapes[0][^1]; row++)
        {
            foreach (var output in outputs)
            {
                int length = output.Shape[^1];
                elements.AsSpan(at, length).CopyTo(output.Data.AsSpan(row * length));
                at += length;
            }
        }
        return outputs;
    }
}

/// <summary>Shapes as accounts state them: without the batch dimension of 1.</summary>
public static class ChainShape
{
    public static Shape Of(Shape shape) => shape.Rank > 1 && shape[0] == 1 ? shape.Remove(0) : shape;

    public static Shape Input(CvmModel model) => Of(model.Input.Type.Shape);

    /// <summary>The only output's shape; where post-processing changes or joins outputs, a list of what is returned.</summary>
    public static Shape Output(CvmModel model) => model.Graph.Outputs.Count == 1 && !OutputWords.IsArgMax(model)
        ? Of(model.Graph.Outputs[0].Type.Shape)
        : Shape.Of(checked((int)OutputWords.ElementCount(model)));
}
