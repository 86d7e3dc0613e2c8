using System.Reflection.Emit;
using ILGPU;

namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>Emits the body of a kernel.</summary>
internal sealed class StatementEmitter(ILGenerator il, DeviceKernel kernel)
{
    private readonly ExprEmitter _expressions = new(il, kernel);

    public void EmitBody()
    {
        foreach (var array in kernel.Shared)
        {
            il.Emit(OpCodes.Ldc_I4, array.Length);
            var allocate = typeof(SharedMemory).GetMethod(nameof(SharedMemory.Allocate), [typeof(int)])!;
            il.Emit(OpCodes.Call, allocate.MakeGenericMethod(IlEmitter.ViewType(array.Element).GetGenericArguments()));
            il.Emit(OpCodes.Stloc, _expressions.Declare(array));
        }
        Emit(kernel.Body);
        il.Emit(OpCodes.Ret);
    }

    private void Emit(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body) Emit(statement);
    }

    private void Emit(Statement statement)
    {
        switch (statement)
        {
            case DeclareStatement s:
                _expressions.Emit(s.Value);
                il.Emit(OpCodes.Stloc, _expressions.Declare(s.Local));
                break;
            case AssignStatement s:
                _expressions.Emit(s.Value);
                il.Emit(OpCodes.Stloc, _expressions[s.Local]);
                break;
            case StoreStatement s:
                _expressions.EmitAddress(s.Array, s.Index);
                _expressions.Emit(s.Value);
                il.Emit(s.Array.Element switch
                {
                    KernelElement.I8 => OpCodes.Stind_I1,
                    KernelElement.I16 => OpCodes.Stind_I2,
                    _ => OpCodes.Stind_I4,
                });
                break;
            case BarrierStatement:
                il.Emit(OpCodes.Call, typeof(Group).GetMethod(nameof(Group.Barrier), [])!);
                break;
            case IfStatement s: EmitIf(s); break;
            case WhileStatement s: EmitLoop(s.Condition, s.Body, 0, null); break;
            case ForStatement s:
                _expressions.Emit(s.From);
                il.Emit(OpCodes.Stloc, _expressions.Declare(s.Counter));
                EmitLoop(new BinaryExpr(BinaryOperator.Less, s.Counter, s.To, ScalarType.I32), s.Body, s.Step, s.Counter);
                break;
            default:
                throw new ArgumentException($"no code for {statement.GetType().Name}");
        }
    }

    private void EmitIf(IfStatement statement)
    {
        Label no = il.DefineLabel(), end = il.DefineLabel();
        _expressions.Emit(statement.Condition);
        il.Emit(OpCodes.Brfalse, no);
        Emit(statement.Yes);
        if (statement.No.Count > 0) il.Emit(OpCodes.Br, end);
        il.MarkLabel(no);
        Emit(statement.No);
        il.MarkLabel(end);
    }

    private void EmitLoop(Expr condition, IReadOnlyList<Statement> body, int step, LocalExpr? counter)
    {
        Label again = il.DefineLabel(), test = il.DefineLabel();
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(again);
        Emit(body);
        if (counter is not null)
        {
            _expressions.Emit(counter + step);
            il.Emit(OpCodes.Stloc, _expressions[counter]);
        }
        il.MarkLabel(test);
        _expressions.Emit(condition);
        il.Emit(OpCodes.Brtrue, again);
    }
}
