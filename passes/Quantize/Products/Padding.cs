using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Products;

//  The CVM has no pad   ⇒   cvm.concatenate with constant borders, axis by axis
internal static class Padding
{
    /// <summary>Borders of <paramref name="before"/> and <paramref name="after"/> elements per axis, filled with an integer.</summary>
    /// <param name="scale">Of the result; the data's own where none is given.</param>
    public static Value Emit(Quantizer quantizer, Value data, int[] before, int[] after, long fill, Scale? scale = null)
    {
        scale ??= data.Type.Scale!;
        for (int axis = 0; axis < before.Length; axis++)
        {
            if (before[axis] == 0 && after[axis] == 0) continue;
            List<Value> parts = [data];
            if (before[axis] > 0) parts.Insert(0, Border(quantizer, data.Type.Shape.With(axis, before[axis]), fill, scale));
            if (after[axis] > 0) parts.Add(Border(quantizer, data.Type.Shape.With(axis, after[axis]), fill, scale));
            data = quantizer.Emit(CvmShape.Concatenate, parts, Attributes.Of(("axis", axis)), scale);
        }
        return data;
    }

    private static Value Border(Quantizer quantizer, Shape shape, long fill, Scale scale)
    {
        var tensor = Tensor.Zeros<int>(shape);
        Array.Fill(tensor.Data, (int)fill);
        return quantizer.Constant("border", tensor, scale);
    }
}
