using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Read;

/// <summary>
/// One NDArray of a parameter file. The first word decides the version: V1 0xF993FAC8, V2 0xF993FAC9, V3 0xF993FACA (V2 with NumPy
/// shapes); anything else is V0 and is itself the rank.
/// </summary>
internal static class NdArrayReader
{
    private const uint V1 = 0xF993FAC8, V2 = 0xF993FAC9, V3 = 0xF993FACA;

    /// <summary>The largest rank that we read; MXNet itself stops at 32.</summary>
    private const int MaxRank = 32;

    private static readonly DType[] Types = [DType.F32, DType.F64, DType.F16, DType.U8, DType.I32, DType.I8, DType.I64, DType.Bool];

    /// <param name="index">Position in the file, for messages.</param>
    public static Tensor Read(ref ParamsCursor cursor, int index)
    {
        string array = string.Create(CultureInfo.InvariantCulture, $"array {index}");
        int start = cursor.Offset;
        uint first = cursor.UInt32($"{array}: its first word");
        if (first is V2 or V3) RequireDense(ref cursor, array);
        long rank = first is V1 ? cursor.UInt32($"{array}: its rank") : first is V2 or V3 ? cursor.Int32($"{array}: its rank") : first;
        bool isEmpty = first is V3 ? rank == -1 : rank == 0;
        if (isEmpty) return Tensor.Zeros<float>(Shape.Of(0));
        if (rank is < 0 or > MaxRank)
            throw cursor.Malformed(string.Create(CultureInfo.InvariantCulture, $"{array} has rank {rank}; 0 to {MaxRank} is allowed"),
                "this is no MXNet array, or the file is damaged", start);
        var (shape, count) = ReadShape(ref cursor, array, (int)rank, wide: first is V1 or V2 or V3);
        cursor.Take(8, $"{array}: its device");
        int at = cursor.Offset, code = cursor.Int32($"{array}: its element type");
        if (code < 0 || code >= Types.Length)
            throw cursor.Malformed(string.Create(CultureInfo.InvariantCulture, $"{array} has element type {code}"),
                "known: 0 float32, 1 float64, 2 float16, 3 uint8, 4 int32, 5 int8, 6 int64, 7 bool", at);
        var type = Types[code];
        var data = cursor.Take(checked((ulong)count * (ulong)type.Size()), $"{array} of shape {shape} and type {type}");
        return TensorBytes.Read(type, shape, data);
    }

    private static void RequireDense(ref ParamsCursor cursor, string array)
    {
        int at = cursor.Offset, storage = cursor.Int32($"{array}: its storage type");
        if (storage == 0) return;
        string kind = storage switch
        {
            1 => "row-sparse",
            2 => "csr (sparse)",
            _ => string.Create(CultureInfo.InvariantCulture, $"of unknown storage type {storage}"),
        };
        throw cursor.Unsupported($"{array} is {kind}; only dense arrays are read", at, "convert it with tostype('default') and save again");
    }

    private static (Shape Shape, long Count) ReadShape(ref ParamsCursor cursor, string array, int rank, bool wide)
    {
        var dims = new int[rank];
        long count = 1;
        for (int i = 0; i < rank; i++)
        {
            int at = cursor.Offset;
            long dim = wide ? cursor.Int64($"{array}: its shape") : cursor.UInt32($"{array}: its shape");
            if (dim is < 0 or > int.MaxValue || (dim > 0 && count > int.MaxValue / dim))
                throw cursor.Malformed(string.Create(CultureInfo.InvariantCulture,
                    $"{array}: dimension {i} is {dim}; the file has {Counted.Of(cursor.Remaining, "byte")} left"),
                    "the file is damaged", at);
            dims[i] = (int)dim;
            count *= dim;
        }
        return (Shape.Of(dims), count);
    }
}
