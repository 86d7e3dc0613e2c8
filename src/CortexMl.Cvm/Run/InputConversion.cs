using System.Buffers.Binary;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Cvm.Run;

/// <summary>
/// Turns the bytes that a caller gives into the input tensor (CortexMl.Cvm/SPECIFICATION.md §9.1, CortexMl.Chain/SPECIFICATION.md §3).
/// </summary>
public static class InputConversion
{
    /// <summary>
    /// As the library takes it: exactly the input's length, int8 or little-endian int32, clamped to the input's precision.
    /// </summary>
    /// <exception cref="DiagnosticException">CML0441 or CML0442, class logic.</exception>
    public static Tensor<int> FromBytes(CvmModel model, ReadOnlySpan<byte> raw)
    {
        if (raw.Length != model.InputLength) throw WrongLength(model, raw.Length);
        return Read(model, raw, bigEndian: false);
    }

    /// <summary>As a contract gives it: a longer input is cut, and 4-byte elements are big-endian.</summary>
    /// <exception cref="DiagnosticException">CML0441 or CML0442, class logic.</exception>
    public static Tensor<int> FromChainBytes(CvmModel model, ReadOnlySpan<byte> raw)
    {
        if (raw.Length < model.InputLength) throw WrongLength(model, raw.Length);
        return Read(model, raw[..(int)model.InputLength], bigEndian: true);
    }

    /// <summary>Why no input will ever do; null where one does.</summary>
    public static Diagnostic? Problem(CvmModel model) => model.ReportedInputShape == model.Input.Type.Shape
        ? null
        : new Diagnostic(CvmCodes.InputShape, Severity.Error,
            $"the runtime believes data to have shape {model.ReportedInputShape}, it has {model.Input.Type.Shape}",
            Hint: "make data node 0", Class: FailureClass.Logic);

    private static Tensor<int> Read(CvmModel model, ReadOnlySpan<byte> raw, bool bigEndian)
    {
        if (Problem(model) is { } problem) throw new DiagnosticException([problem]);
        var elements = new int[raw.Length / model.InputTypeSize];
        int bound = (int)Precisions.Bound(model.Input.Type.Precision);
        for (int i = 0; i < elements.Length; i++)
        {
            int element = model.InputTypeSize == 1 ? (sbyte)raw[i]
                : bigEndian ? BinaryPrimitives.ReadInt32BigEndian(raw[(4 * i)..])
                : BinaryPrimitives.ReadInt32LittleEndian(raw[(4 * i)..]);
            elements[i] = Math.Clamp(element, -bound, bound);
        }
        return Tensor.Create(model.Input.Type.Shape, elements);
    }

    private static DiagnosticException WrongLength(CvmModel model, int found) =>
        new(CvmCodes.InputLength, $"an input of {Counted.Of(found, "byte")}, the model takes {model.InputLength}",
            failure: FailureClass.Logic);
}
