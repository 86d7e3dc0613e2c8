using System.Reflection;
using System.Reflection.Emit;
using ILGPU;

namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>Emits expressions: each leaves its value on the stack.</summary>
internal sealed class ExprEmitter(ILGenerator il, DeviceKernel kernel)
{
    private static readonly MethodInfo s_threadNumber = typeof(Index1D).GetMethods()
        .Single(m => m.Name == "op_Implicit" && m.ReturnType == typeof(int) && m.GetParameters()[0].ParameterType == typeof(Index1D));

    private static readonly MethodInfo s_group = typeof(Grid).GetProperty(nameof(Grid.IdxX))!.GetMethod!,
    s_lane = typeof(Group).GetProperty(nameof(Group.IdxX))!.GetMethod!;

    private readonly Dictionary<string, LocalBuilder> _locals = [];

    public LocalBuilder Declare(LocalExpr local) =>
        _locals[local.Name] = il.DeclareLocal(local.Type == ScalarType.I32 ? typeof(int) : typeof(long));

    public LocalBuilder this[LocalExpr local] => _locals[local.Name];

    /// <summary>The local variable that holds the view of a shared array.</summary>
    public LocalBuilder Declare(SharedArray array) => _locals[array.Name] = il.DeclareLocal(IlEmitter.ViewType(array.Element));

    public void Emit(Expr expr)
    {
        switch (expr)
        {
            case ConstantExpr { Type: ScalarType.I32 } c: il.Emit(OpCodes.Ldc_I4, (int)c.Value); break;
            case ConstantExpr c: il.Emit(OpCodes.Ldc_I8, c.Value); break;
            case LocalExpr local: il.Emit(OpCodes.Ldloc, _locals[local.Name]); break;
            case PositionExpr p: EmitPosition(p.Position); break;
            case LoadExpr load:
                EmitAddress(load.Array, load.Index);
                il.Emit(load.Array.Element switch
                {
                    KernelElement.I8 => OpCodes.Ldind_I1,
                    KernelElement.I16 => OpCodes.Ldind_I2,
                    _ => OpCodes.Ldind_I4,
                });
                break;
            case ConvertExpr convert:
                Emit(convert.Operand);
                il.Emit(convert.Type == ScalarType.I32 ? OpCodes.Conv_I4 : OpCodes.Conv_I8);
                break;
            case Dot4Expr dot:
                Emit(dot.X);
                Emit(dot.W);
                Emit(dot.Accumulator);
                il.Emit(OpCodes.Call, typeof(DeviceMath).GetMethod(nameof(DeviceMath.Dot4))!);
                break;
            case Dot16Expr dot:
                foreach (var operand in dot.X.Concat(dot.W).Append(dot.Accumulator)) Emit(operand);
                il.Emit(OpCodes.Call, typeof(DeviceMath).GetMethod(nameof(DeviceMath.Dot16))!);
                break;
            case SelectExpr s: EmitSelect(s); break;
            case BinaryExpr b: EmitBinary(b); break;
            default: throw new ArgumentException($"no code for {expr.GetType().Name}");
        }
    }

    /// <summary>Leaves the address of an element.</summary>
    public void EmitAddress(KernelArray array, Expr index)
    {
        if (array is KernelBuffer buffer) il.Emit(OpCodes.Ldarga, (short)(IndexOf(buffer) + (kernel.Launch.IsGrouped ? 0 : 1)));
        else il.Emit(OpCodes.Ldloca, _locals[array.Name]);
        Emit(index);
        il.Emit(OpCodes.Call, IlEmitter.ViewType(array.Element).GetProperty("Item", [typeof(int)])!.GetMethod!);
    }

    private int IndexOf(KernelBuffer buffer)
    {
        for (int i = 0; i < kernel.Buffers.Count; i++)
            if (kernel.Buffers[i].Name == buffer.Name) return i;
        throw new ArgumentException($"{buffer.Name} is no buffer of {kernel.Name}");
    }

    private void EmitPosition(Position position)
    {
        if (kernel.Launch.IsGrouped == (position == Position.Thread)) throw new ArgumentException($"{kernel.Name} has no {position}");
        if (position == Position.Thread) il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, position switch { Position.Thread => s_threadNumber, Position.Group => s_group, _ => s_lane });
    }

    private void EmitSelect(SelectExpr select)
    {
        var chosen = il.DeclareLocal(select.Type == ScalarType.I32 ? typeof(int) : typeof(long));
        Label no = il.DefineLabel(), end = il.DefineLabel();
        Emit(select.Condition);
        il.Emit(OpCodes.Brfalse, no);
        Emit(select.Yes);
        il.Emit(OpCodes.Stloc, chosen);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(no);
        Emit(select.No);
        il.Emit(OpCodes.Stloc, chosen);
        il.MarkLabel(end);
        il.Emit(OpCodes.Ldloc, chosen);
    }

    private void EmitBinary(BinaryExpr binary)
    {
        var (op, type) = (binary.Operator, binary.Left.Type == ScalarType.I32 ? typeof(int) : typeof(long));
        bool divides = op is BinaryOperator.Divide or BinaryOperator.Remainder
            && binary.Right is not ConstantExpr { Value: not 0 and not -1 };
        if (op == BinaryOperator.Remainder && divides)
        {
            Emit(binary.Left - ((binary.Left / binary.Right) * binary.Right));
            return;
        }
        Emit(binary.Left);
        Emit(binary.Right);
        if (op is BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight && binary.Right is not ConstantExpr { Value: >= 0 and < 32 })
        {
            il.Emit(OpCodes.Ldc_I4, binary.Left.Type == ScalarType.I32 ? 31 : 63);
            il.Emit(OpCodes.And);
        }
        if (divides) il.Emit(OpCodes.Call, typeof(DeviceMath).GetMethod(nameof(DeviceMath.Divide), [type, type])!);
        else if (op is BinaryOperator.Min or BinaryOperator.Max)
            il.Emit(OpCodes.Call, typeof(IntrinsicMath).GetMethod(op.ToString(), [type, type])!);
        else EmitPlain(op);
    }

    private void EmitPlain(BinaryOperator op)
    {
        // a <= b is !(b < a), written as (a > b) == 0; a != b as (a == b) == 0.
        il.Emit(op switch
        {
            BinaryOperator.Add => OpCodes.Add,
            BinaryOperator.Subtract => OpCodes.Sub,
            BinaryOperator.Multiply => OpCodes.Mul,
            BinaryOperator.Divide => OpCodes.Div,
            BinaryOperator.Remainder => OpCodes.Rem,
            BinaryOperator.And => OpCodes.And,
            BinaryOperator.Or => OpCodes.Or,
            BinaryOperator.Xor => OpCodes.Xor,
            BinaryOperator.ShiftLeft => OpCodes.Shl,
            BinaryOperator.ShiftRight => OpCodes.Shr,
            BinaryOperator.Less => OpCodes.Clt,
            BinaryOperator.LessOrEqual => OpCodes.Cgt,
            _ => OpCodes.Ceq,
        });
        if (op is not (BinaryOperator.LessOrEqual or BinaryOperator.NotEqual)) return;
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ceq);
    }
}
