using System.Globalization;
using System.Runtime.InteropServices;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Tensors;
using Google.Protobuf;
using static CortexMl.Frontends.Onnx.Schema.TensorProto.Types;

namespace CortexMl.Frontends.Onnx.Read;

/// <summary>Tensors of a model in every encoding: raw bytes, typed fields, files beside the model. All real types become f32.</summary>
/// <param name="file">Name for locations.</param>
/// <param name="folder">Where external data lie.</param>
internal sealed class TensorReader(string file, string folder, MemoryBudget budget)
{
    /// <exception cref="DiagnosticException">CML0252, CML0253, CML0254, CML0106.</exception>
    public Tensor Read(TensorProto tensor, string name)
    {
        var type = TypeOf((DataType)tensor.DataType) ?? throw Error(OnnxCodes.ElementType, name,
            $"has element type {ElementTypes.Name(tensor.DataType)}", $"types that are read: {ElementTypes.Readable}; convert the model");
        var shape = ShapeOf(tensor, name);
        budget.Reserve(name, shape, ElementTypes.Stored((DataType)tensor.DataType).Size());
        if (tensor.DataLocation == DataLocation.External) return External(tensor, name, type, shape);
        if (!tensor.RawData.IsEmpty) return Raw(tensor.RawData.Span, tensor, name, shape);
        return Typed(tensor, name, type, shape);
    }

    /// <summary>How a type is held here, or null for those that are not read.</summary>
    public static DType? TypeOf(DataType type) => ElementTypes.Find(type);

    private Shape ShapeOf(TensorProto tensor, string name)
    {
        foreach (long dim in tensor.Dims)
            if (dim is < 0 or > int.MaxValue)
                throw Error(OnnxCodes.TensorData, name, string.Create(CultureInfo.InvariantCulture, $"has a dimension of {dim}"));
        return Shape.Of(tensor.Dims.Select(d => (int)d));
    }

    private Tensor Raw(ReadOnlySpan<byte> bytes, TensorProto tensor, string name, Shape shape)
    {
        var type = (DataType)tensor.DataType;
        long needed = shape.Count * ElementTypes.FileBytes(type);
        if (bytes.Length != needed)
            throw Error(OnnxCodes.TensorData, name,
                string.Create(CultureInfo.InvariantCulture, $"{shape} needs {Counted.Of(needed, "byte")}, it has {bytes.Length}"));
        return ElementTypes.FromBytes(type, shape, bytes);
    }

    private Tensor Typed(TensorProto tensor, string name, DType type, Shape shape)
    {
        int found = (DataType)tensor.DataType switch
        {
            DataType.Float => tensor.FloatData.Count,
            DataType.Double => tensor.DoubleData.Count,
            DataType.Int64 => tensor.Int64Data.Count,
            DataType.Uint32 or DataType.Uint64 => tensor.Uint64Data.Count,
            _ => tensor.Int32Data.Count,
        };
        if (found != shape.Count)
            throw Error(OnnxCodes.TensorData, name,
                string.Create(CultureInfo.InvariantCulture, $"{shape} needs {Counted.Of(shape.Count, "element")}, it has {found}"));
        return (DataType)tensor.DataType switch
        {
            DataType.Float => Tensor.Create(shape, tensor.FloatData.ToArray()),
            DataType.Double => Tensor.Create(shape, tensor.DoubleData.Select(d => (float)d).ToArray()),
            DataType.Float16 =>
                Tensor.Create(shape, tensor.Int32Data.Select(i => (float)BitConverter.UInt16BitsToHalf((ushort)i)).ToArray()),
            DataType.Bfloat16 => Tensor.Create(shape, tensor.Int32Data.Select(i => BitConverter.Int32BitsToSingle(i << 16)).ToArray()),
            DataType.Int64 => Tensor.Create(shape, tensor.Int64Data.ToArray()),
            DataType.Uint64 or DataType.Uint32 => Constants.FromLongs(type, shape, [.. tensor.Uint64Data.Select(v => (long)v)]),
            _ => Constants.FromLongs(type, shape, [.. tensor.Int32Data.Select(v => (long)v)]),
        };
    }

    private Tensor External(TensorProto tensor, string name, DType type, Shape shape)
    {
        string? path = Entry(tensor, "location");
        if (path is null || !RealPath.StaysInside(path))
            throw Error(OnnxCodes.ExternalPath, name, $"keeps its data in '{path}', which is outside the model's folder",
                "external data must lie beside the model, without .. in the path");
        string full = Path.Combine([folder, .. path.Split('/')]);
        if (IsLinked(path))
            throw Error(
                OnnxCodes.ExternalPath, name, $"keeps its data in '{path}', which is or lies behind a link", "put the file itself there");
        if (!File.Exists(full))
            throw Error(DiagnosticCodes.FileNotFound, name, $"keeps its data in '{path}', which does not exist",
                "copy the model together with its data files");
        long needed = shape.Count * ElementTypes.FileBytes((DataType)tensor.DataType);
        long offset = Number(tensor, name, "offset") ?? 0, length = Number(tensor, name, "length") ?? needed,
        size = new FileInfo(full).Length;
        if (length != needed || offset > size || needed > size - offset)
            throw Error(OnnxCodes.TensorData, name, string.Create(CultureInfo.InvariantCulture,
                $"{shape} needs {Counted.Of(needed, "byte")}; the file names {length} at {offset} of '{path}', which has {size}"));
        using var stream = InputFile.Open(full);
        stream.Position = offset;
        var bytes = new byte[needed];
        stream.ReadExactly(bytes);
        return Raw(bytes, tensor, name, shape);
    }

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(e => e.Key == key)?.Value;

    private long? Number(TensorProto tensor, string name, string key)
    {
        if (Entry(tensor, key) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value
            : throw Error(OnnxCodes.TensorData, name, $"has {key} '{text}', which is no number");
    }

    /// <summary>Whether the file, or a folder on the way to it from the model's, is a symbolic link: it may lead anywhere.</summary>
    private bool IsLinked(string path)
    {
        string at = folder;
        foreach (string part in path.Split('/'))
        {
            at = Path.Combine(at, part);
            if (new FileInfo(at).LinkTarget is not null || new DirectoryInfo(at).LinkTarget is not null) return true;
        }
        return false;
    }

    private DiagnosticException Error(string code, string name, string message, string? hint = null) =>
        new(code, $"tensor '{name}' {message}", SourceLocation.OfNode(name, file), hint);
}
