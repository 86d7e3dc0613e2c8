using System.Globalization;
using System.Runtime.InteropServices;
using Antlr4.Runtime;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using CortexMl.Text.Generated;

namespace CortexMl.Text.Read;

/// <summary>
/// Reads what stands behind the <c>=</c> of a constant: a list, one number for all elements, a file's tensor, a seed, a digest.
/// </summary>
internal sealed class ConstantReader(TextSource source)
{
    /// <param name="name">The constant's, without sigil.</param>
    /// <returns>The elements, or null after reporting what is wrong with them.</returns>
    public ConstantData? Read(string name, CmlParser.DataContext syntax, TensorType type)
    {
        if (type.Shape.Aggregate((Int128)1, (count, dim) => count * dim) > CvmRules.MaxElements)
        {
            source.Error(DiagnosticCodes.TooLarge, syntax.Start,
                $"a constant {type.Element}{type.Shape} has more than {Numbers.Format(CvmRules.MaxElements)} elements");
            return null;
        }
        string what = $"a constant {type.Element}{type.Shape}";
        if (TensorMemory.Refusal($"constant @{name} {type.Element}{type.Shape}", type.Shape, sizeof(float)) is { } refusal)
        {
            source.Error(DiagnosticCodes.TooLarge, syntax.Start, refusal, "split it into several constants");
            return null;
        }
        long bytes = type.Shape.Count * sizeof(float);
        return source.Reserve(bytes, syntax.Start, what) ? MemoryUse.Taking(bytes, what, () => Elements(syntax, type)) : null;
    }

    private ConstantData? Elements(CmlParser.DataContext syntax, TensorType type) => syntax switch
    {
        CmlParser.ListDataContext list => Elements(list.LIST().Symbol, type) is { } tensor ? new ConstantData(tensor) : null,
        CmlParser.SplatDataContext splat => Splat(splat.NUMBER().Symbol, type) is { } tensor ? new ConstantData(tensor) : null,
        CmlParser.RandomDataContext random => Random(random.NUMBER().Symbol, type),
        CmlParser.FileDataContext file => FromFile(file, type),
        CmlParser.DenseDataContext dense => FromDigest(dense.DENSE().Symbol, type),
        _ => null,
    };

    private Tensor? Elements(IToken list, TensorType type)
    {
        if (EncodedElements.IsEncoded(source.TextOf(list))) return Encoded(list, type);
        var text = new ListText(source, list);
        if (text.Count != type.Shape.Count)
        {
            source.Error(DiagnosticCodes.TypeMismatch, list,
                $"{Counted.Of(text.Count, "element")} where shape {type.Shape} has {Numbers.Format(type.Shape.Count)}");
            return null;
        }
        if (type.Element.IsFloat) return text.Floats() is { } floats ? Tensor.Create(type.Shape, floats) : null;
        return text.Integers(type.Element.Bound) is { } integers ? Tensor.Create(type.Shape, integers) : null;
    }

    private Tensor? Encoded(IToken list, TensorType type)
    {
        if (EncodedElements.Read(source.TextOf(list), type) is not { } tensor)
        {
            source.Error(DiagnosticCodes.UnsupportedLiteral, list,
                $"the text behind base64: is not that of {Counted.Of(type.Shape.Count, "element")} of {type.Element}");
            return null;
        }
        return Fitted(tensor, type, list);
    }

    private Tensor? Splat(IToken number, TensorType type)
    {
        int count = (int)type.Shape.Count;
        var text = source.TextOf(number);
        if (type.Element.IsFloat)
        {
            float value = float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (!float.IsInfinity(value) || text.EndsWith("Infinity")) return Filled(type.Shape, count, value);
        }
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            && value >= -type.Element.Bound && value <= type.Element.Bound)
        {
            return Filled(type.Shape, count, (int)value);
        }
        source.Error(DiagnosticCodes.UnsupportedLiteral, number, $"{text} is no element of {type.Element}");
        return null;
    }

    private static Tensor<T> Filled<T>(Shape shape, int count, T value) where T : unmanaged
    {
        var data = new T[count];
        Array.Fill(data, value);
        return Tensor.Create(shape, data);
    }

    private ConstantData? Random(IToken number, TensorType type)
    {
        if (!long.TryParse(source.TextOf(number), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed))
        {
            source.Error(DiagnosticCodes.UnsupportedLiteral, number, $"{source.TextOf(number)} is no seed: a 64-bit integer");
            return null;
        }
        Tensor tensor = type.Element.IsFloat
            ? RandomTensor.Floats(type.Shape, seed)
            : RandomTensor.Integers(type.Shape, type.Precision, seed);
        return new ConstantData(tensor, new ConstantOrigin.Random(seed));
    }

    private ConstantData? FromFile(CmlParser.FileDataContext syntax, TensorType type)
    {
        var (path, key) = (source.StringOf(syntax.STRING(0).Symbol), source.StringOf(syntax.STRING(1).Symbol));
        try
        {
            if (source.Options.Resolver?.File(path, key) is { } tensor)
                return Fitted(tensor, type, syntax.Start) is { } fitted
                    ? new ConstantData(fitted, new ConstantOrigin.File(path, key))
                    : null;
            source.Error(DiagnosticCodes.TensorMissing, syntax.Start, $"no tensor '{key}' in file '{path}'",
                source.Options.Resolver is null ? "this text is read without files" : "paths are relative to the text's own folder");
        }
        catch (DiagnosticException malformed)
        {
            var at = source.At(syntax.Start);
            source.Problems.AddRange(malformed.Diagnostics.Select(d => d.Location is null ? d with { Location = at } : d));
        }
        return null;
    }

    private ConstantData? FromDigest(IToken dense, TensorType type)
    {
        string digest = source.TextOf(dense)["dense<sha256:".Length..^1].ToString().ToLowerInvariant();
        if (digest.Length != 64)
            source.Error(DiagnosticCodes.UnsupportedLiteral, dense, $"a SHA-256 has 64 hexadecimal digits, found {digest.Length}");
        else if (source.Options.Resolver?.Digest(digest) is { } tensor) return OfBytes(tensor, type, dense);
        else source.Error(DiagnosticCodes.TensorMissing, dense, $"the elements with digest {digest} are not at hand",
            "print with the parameters in a file to read the text elsewhere");
        return null;
    }

    /// <summary>A digest is of bytes: zeros of f32 and of int32 are the same to it, so the constant's type says what they are.</summary>
    private ConstantData? OfBytes(Tensor tensor, TensorType type, IToken at)
    {
        if (tensor.Bytes.Length != type.Shape.Count * sizeof(float))
        {
            source.Error(DiagnosticCodes.TypeMismatch, at,
                $"the elements are {Counted.Of(tensor.Bytes.Length, "byte")}, the constant is {type.Element}{type.Shape}");
            return null;
        }
        Tensor typed = type.Element.IsFloat
            ? Tensor.Create(type.Shape, MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray())
            : Tensor.Create(type.Shape, MemoryMarshal.Cast<byte, int>(tensor.Bytes).ToArray());
        return Fitted(typed, type, at) is { } fitted ? new ConstantData(fitted) : null;
    }

    /// <summary>
    /// The tensor as this type stores it: other float widths become f32, integers of any width are checked against ±α(p).
    /// </summary>
    private Tensor? Fitted(Tensor tensor, TensorType type, IToken at)
    {
        bool isFloat = tensor.DType is DType.F16 or DType.F32 or DType.F64;
        if (tensor.Shape != type.Shape || isFloat != type.Element.IsFloat)
        {
            source.Error(
                DiagnosticCodes.TypeMismatch, at, $"the tensor is {tensor.DType} {tensor.Shape}, the constant {type.Element}{type.Shape}");
            return null;
        }
        if (isFloat) return tensor.ToFloat();
        long bound = type.Element.Bound;
        for (int i = 0; i < tensor.Length; i++)
        {
            if (Math.Abs(tensor.GetDouble(i)) <= bound) continue;
            source.Error(DiagnosticCodes.TypeMismatch, at,
                $"element {Numbers.Format(i)} of the tensor is {Numbers.Format(tensor.GetDouble(i))}, outside ±{Numbers.Format(bound)}");
            return null;
        }
        return tensor.ToInt32();
    }
}
